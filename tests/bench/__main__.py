"""`python -m tests.bench [--lines N] [--items N] [--folder DIR]`: how far from the limit, as ratios of one run. Nothing
here is asserted."""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

from tests.bench import panels, serving, syncing, tables
from tests.bench.company import Bench, told


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--lines", type=int, default=60_000, help="order lines of the generated company")
    parser.add_argument("--items", type=int, help="items of the company (without it the demo's 400)")
    parser.add_argument("--folder", type=Path, help="where the company is kept; one that stands there is used again")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as made:
        bench = Bench.make(arguments.folder or Path(made), arguments.lines, arguments.items)
        told("panels")
        found = panels.every_panel(bench)
        rows = []
        for part in (tables.scrolling, tables.exports, serving.cached_poll, serving.web_memory, *syncing.PARTS):
            told(part.__name__)
            rows += part(bench)
    print(f"\n{arguments.lines:,} order lines, {arguments.items or 400:,} items\n")
    print("| work | measured | limit in the same run | ratio | target |\n| --- | --- | --- | --- | --- |")
    for row in rows:
        print("| " + " | ".join(row) + " |")
    print("", *panels.table(found), sep="\n")


if __name__ == "__main__":
    main()
