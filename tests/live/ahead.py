"""`python -m tests.live.ahead FILE app.py ARGUMENTS`: runs it with the product's clock put ahead by the seconds in
FILE, which is read each time. Only what asks data_access.clock is put ahead; waits go on in their own time."""

from __future__ import annotations

import runpy
import sys
from datetime import datetime, timedelta
from pathlib import Path

from data_access import clock


def put_ahead(file: Path) -> None:
    """Must come before anything takes `utc_now` out of its module."""
    now = clock.utc_now

    def ahead() -> datetime:
        return now() + timedelta(seconds=float(file.read_text(encoding="ascii")))

    clock.utc_now = ahead


if __name__ == "__main__":
    put_ahead(Path(sys.argv[1]))
    sys.argv = sys.argv[2:]
    runpy.run_path(sys.argv[0], run_name="__main__")
