"""A change in a source reaches the eye by itself: new order -> feed, headline figure and API, in place."""

from __future__ import annotations

import json
import time
import urllib.request
from collections.abc import Callable
from decimal import Decimal

import pytest
from playwright.sync_api import Page

from tests.live.company import LiveCompany, until
from tests.live.eye import Eye, shown
from tests.live.ordered import order
from tests.live.pushed import SECRET, VARIABLE, make_pushing, push, results, win

pytestmark = [pytest.mark.browser, pytest.mark.alone]
EVERY = 5
BURST = 10


def booked(live: LiveCompany) -> Decimal:
    with urllib.request.urlopen(f"{live.address}/api/v1/panels/kpis.json", timeout=30) as answer:
        document = json.load(answer)
    (row,) = [row for row in document["rows"] if row["metric"] == "booked"]
    return Decimal(str(row["value"]))


def told(what: str, taken: list[float], record_property: Callable[[str, object], None]) -> None:
    """Seconds are told, not judged: on a busy machine they say nothing."""
    text = ", ".join(f"{seconds:.1f}" for seconds in taken)
    record_property(what, text)
    print(f"{what}: {text}")


def test_a_new_order_appears_without_a_hand(
    live: LiveCompany, watched: Callable[[LiveCompany], Page], record_property: Callable[[str, object], None]
) -> None:
    live.serve()
    live.start("_sync")
    page = watched(live)
    page.wait_for_function("() => tandem.version.sources.every((source) => source.status === 'fresh')")
    page.evaluate("() => { window.same = document.getElementById('feed-body'); }")
    eye, before, taken = Eye(page), booked(live), []
    for number, cents in enumerate((7_654_321_00, 8_765_432_00, 9_876_543_00), 1):
        order(live.folder, number, cents)
        entered = time.time()
        taken.append(eye.at(shown(cents)) - entered)
        before += Decimal(cents) / 100
        assert booked(live) == before
        assert shown(cents) in page.inner_text("#feed-body .r:first-child")
    assert page.evaluate("() => window.same.isConnected")
    told(f"source to pixel, seconds (every {EVERY} s; promised within {EVERY + 5} s)", taken, record_property)


def test_a_burst_of_notices_arrives_whole_and_in_order(
    live: LiveCompany,
    watched: Callable[[LiveCompany], Page],
    monkeypatch: pytest.MonkeyPatch,
    record_property: Callable[[str, object], None],
) -> None:
    """Deals won one a second, each shown by its notice: the schedule is an hour away."""
    monkeypatch.setenv(VARIABLE, SECRET)
    make_pushing(live.folder / "tandem.toml")
    live.serve()
    live.start("_sync")
    until(lambda: live.ledger("SELECT 1 FROM feed WHERE stream = 'opportunity' AND due_at IS NOT NULL"))
    eye, version, posted = Eye(watched(live)), live.version() or 0, list[float]()
    amounts = [7_000_000_00 + 1_000_000 * number for number in range(BURST)]
    for cents in amounts:
        until(lambda: not posted or time.time() - posted[-1] >= 1)
        notice = win(live.folder, cents)
        posted.append(time.time())
        push(live.address, notice)
    seen = eye.instants([shown(cents) for cents in amounts], seconds=300)
    assert seen == sorted(seen) and all(at > sent for at, sent in zip(seen, posted, strict=True))
    assert len(results(live)) == BURST
    assert version < (live.version() or 0) <= version + BURST
    quoted = ", ".join(str(cents // 100) for cents in amounts)
    query = f"SELECT count(*) FROM core.opportunity WHERE stage = 'won' AND amount_base IN ({quoted})"
    assert live.rows(query) == [(BURST,)]
    taken = [at - sent for at, sent in zip(seen, posted, strict=True)]
    told("notice to pixel in a burst, seconds (promised within 5 s)", taken, record_property)
