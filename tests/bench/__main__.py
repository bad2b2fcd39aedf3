"""`python -m tests.bench [--lines N]`: how far from the limit, as ratios of one run. Nothing here is asserted."""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

from tests.bench import serving, syncing
from tests.bench.company import Bench


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--lines", type=int, default=60_000, help="order lines of the generated company")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench.make(Path(folder), arguments.lines)
        rows = [
            *syncing.landing(bench),
            *syncing.delta(bench),
            *serving.panels_after_new_version(bench),
            *serving.cached_poll(bench),
            *serving.web_memory(bench),
        ]
    print(f"\n{arguments.lines:,} order lines\n")
    print("| work | measured | limit in the same run | ratio | target |\n| --- | --- | --- | --- | --- |")
    for row in rows:
        print("| " + " | ".join(row) + " |")


if __name__ == "__main__":
    main()
