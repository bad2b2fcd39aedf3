"""`python -m tests.bench.latency [--lines N] [--times N]`: from a pushed notice to its answer and published version,
through the real web and sync processes. Nothing here is asserted."""

from __future__ import annotations

import argparse
import os
import statistics
import tempfile
import time
from pathlib import Path

from data_access import demo
from tests.bench.company import told
from tests.live.company import LiveCompany, until
from tests.live.pushed import SECRET, VARIABLE, is_published, make_pushing, push, reassign


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.latency", description=__doc__)
    parser.add_argument("--lines", type=int, default=60_000, help="order lines of the generated company")
    parser.add_argument("--times", type=int, default=10, help="notices to be sent, one after another")
    parser.add_argument("--pause", type=float, default=15, help="seconds between them; under ten copies of the version"
                        " a publish waits for its turn")  # fmt: skip
    arguments = parser.parse_args()
    os.environ[VARIABLE] = SECRET
    with tempfile.TemporaryDirectory() as made:
        live = started(Path(made), arguments.lines)
        try:
            rows = []
            for number in range(arguments.times):
                time.sleep(arguments.pause)
                rows.append(measured(live, number))
        finally:
            live.stop()
    for name, values in zip(("notice -> answer", "notice -> published version"), zip(*rows, strict=True), strict=True):
        print(f"{name}: median {statistics.median(values):.2f} s, longest {max(values):.2f} s of {len(values)}")


def started(folder: Path, lines: int) -> LiveCompany:
    """A demo company with both processes running, its first version published."""
    told("making the company")
    demo.make(folder, lines=lines, seed=7)
    make_pushing(folder / "tandem.toml")
    live = LiveCompany(folder)
    told("first sync")
    done = live.command("sync")
    assert done.returncode == 0, done.stderr
    live.serve()
    live.start("_sync")
    until(lambda: live.ledger("SELECT 1 FROM feed WHERE source = 'crm' AND stream = 'account' AND due_at IS NOT NULL"))
    return live


def measured(live: LiveCompany, number: int) -> tuple[float, float]:
    """(seconds to the answer, seconds to the published version) of one notice."""
    owner = f"Owner {number}"
    notice = {"entity": "customer", "key": reassign(live.folder, owner)}
    before, begun = live.version(), time.perf_counter()
    push(live.address, notice)
    answered = time.perf_counter()
    until(lambda: live.version() != before, seconds=300, pause=0.02)
    taken = time.perf_counter() - begun
    assert is_published(live, owner), "another change came first"
    return answered - begun, taken


if __name__ == "__main__":
    main()
