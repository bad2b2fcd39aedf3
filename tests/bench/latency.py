"""`python -m tests.bench.latency [--lines N] [--times N] [--burst N]`: how long a change of a source takes to be
published and to be painted in a browser that shows the wall, pushed by a notice, in a burst of notices, and found by
the schedule; all through the real web and sync processes. Nothing here is asserted."""

from __future__ import annotations

import argparse
import os
import random
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from data_access import demo
from tests.bench.company import told
from tests.conftest import CHROMIUM
from tests.live.company import LiveCompany, until
from tests.live.eye import Eye, shown
from tests.live.ordered import order
from tests.live.pushed import SECRET, VARIABLE, make_pushing, push, win

EVERY = 5
FIRST_CENTS, STEP_CENTS, MOST = 1_000_000_00, 1_000_000, 800  # from 1.00M to 9.00M, each amount once
Row = tuple[str, list[float]]


class Amounts:
    """Amounts that the wall writes each in its own way, ascending."""

    def __init__(self) -> None:
        self.given = 0

    def next(self) -> int:
        assert self.given < MOST, "fewer changes fit into the wall's amounts"
        self.given += 1
        return FIRST_CENTS + STEP_CENTS * self.given


Change = Callable[[Path, int, int], Any]  # folder, number, cents -> the notice that tells of it


def a_deal(folder: Path, _: int, cents: int) -> Any:
    return win(folder, cents)


CHANGES: dict[str, tuple[str, Change]] = {"a deal won": ("crm", a_deal), "a new order": ("erp", order)}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.latency", description=__doc__)
    parser.add_argument("--lines", type=int, default=60_000, help="order lines of the generated company")
    parser.add_argument("--times", type=int, default=10, help="changes of each kind, one after another")
    parser.add_argument("--burst", type=int, default=10, help="changes of each kind in a burst, one a second")
    parser.add_argument("--pause", type=float, default=6, help="seconds between single changes, 0 to 2 more by chance")
    parser.add_argument("--quiet", type=float, default=60, help="seconds before a burst, in which copies are saved for")
    arguments = parser.parse_args()
    os.environ[VARIABLE] = SECRET
    rows: list[Row] = []
    with tempfile.TemporaryDirectory() as made:
        folder, amounts = Path(made), Amounts()
        told("making the company")
        demo.make(folder, lines=arguments.lines, seed=7)
        config = (folder / "tandem.toml").read_text(encoding="utf-8")
        for name, (source, change) in CHANGES.items():
            (folder / "tandem.toml").write_text(config, encoding="utf-8")
            make_pushing(folder / "tandem.toml", source)
            with watched(LiveCompany(folder), source) as (live, eye):
                told(f"notices: {name}")
                rows += singles(live, eye, amounts, name, source, change, arguments)
                time.sleep(arguments.quiet)
                told(f"a burst: {name}")
                rows.append(burst(live, eye, amounts, name, source, change, arguments.burst))
        (folder / "tandem.toml").write_text(config, encoding="utf-8")
        with watched(LiveCompany(folder), "erp") as (live, eye):
            told("by the schedule")
            rows.append(scheduled(live, eye, amounts, arguments))
    print(*table(rows, arguments.lines), sep="\n")


@contextmanager
def watched(live: LiveCompany, source: str) -> Iterator[tuple[LiveCompany, Eye]]:
    """Both processes over what is synced, and a browser that has the wall's scene "today" open."""
    from playwright.sync_api import sync_playwright

    done = live.command("sync")
    assert done.returncode == 0, done.stderr
    live.serve()
    live.start("_sync")
    try:
        query = "SELECT 1 FROM sync_stream s JOIN sync_run r USING (run_id) WHERE r.pid = ? AND s.source = ?"
        until(lambda: live.ledger(query, live.processes["_sync"].pid, source), seconds=300)
        with sync_playwright() as driver:
            args = ["--disable-dev-shm-usage", "--disable-gpu", *(["--no-sandbox"] if os.geteuid() == 0 else [])]
            page = driver.chromium.launch(executable_path=CHROMIUM, args=args).new_page(
                viewport={"width": 1920, "height": 1080}
            )
            page.goto(f"{live.address}/wall?lang=en&scenes=today")
            page.wait_for_selector("#forecast-plot .main-svg", timeout=120_000)
            yield live, Eye(page)
    finally:
        live.stop()


def singles(
    live: LiveCompany, eye: Eye, amounts: Amounts, name: str, source: str, change: Change, arguments: Any
) -> list[Row]:
    """Changes one after another: seconds from the notice to its answer, to the published version, and to the pixel."""
    rows = []
    for _ in range(arguments.times):
        time.sleep(arguments.pause + 2 * random.random())
        cents, before = amounts.next(), live.version()
        notice = change(live.folder, amounts.given, cents)
        posted = time.time()
        push(live.address, notice, source=source)
        answered = time.time()
        until(lambda before=before: live.version() != before, seconds=300, pause=0.02)
        published = time.time()
        rows.append((answered - posted, published - posted, eye.at(shown(cents)) - posted))
    steps = ("answer", "published version", "pixel")
    return [
        (f"{name}: notice -> {step}", list(found)) for step, found in zip(steps, zip(*rows, strict=True), strict=True)
    ]


def burst(live: LiveCompany, eye: Eye, amounts: Amounts, name: str, source: str, change: Change, times: int) -> Row:
    """One change a second, each with its notice."""
    posted, texts = list[float](), list[str]()
    for _ in range(times):
        if posted:
            time.sleep(max(0.0, posted[-1] + 1 - time.time()))
        cents = amounts.next()
        notice = change(live.folder, amounts.given, cents)
        posted.append(time.time())
        texts.append(shown(cents))
        push(live.address, notice, source=source)
    seen = eye.instants(texts, seconds=600)
    return f"{name}: notice -> pixel, {times} in {times} s", [at - sent for at, sent in zip(seen, posted, strict=True)]


def scheduled(live: LiveCompany, eye: Eye, amounts: Amounts, arguments: Any) -> Row:
    """No notice at all: seconds from the commit to the pixel."""
    taken = []
    for _ in range(arguments.times):
        time.sleep(arguments.pause + EVERY * random.random())
        cents = amounts.next()
        order(live.folder, amounts.given, cents)
        committed = time.time()
        taken.append(eye.at(shown(cents)) - committed)
    return f"a new order: commit -> pixel, every {EVERY} s", taken


def table(rows: Sequence[Row], lines: int) -> Iterator[str]:
    yield f"\n{lines:,} order lines; load of the machine over the last 5 minutes {os.getloadavg()[1]:.1f}\n"
    yield "| from -> to | median | longest | of |\n| --- | --- | --- | --- |"
    for name, values in rows:
        yield f"| {name} | {statistics.median(values):.2f} s | {max(values):.2f} s | {len(values)} |"


if __name__ == "__main__":
    main()
