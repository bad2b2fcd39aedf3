"""Top customers, orders and wins, and the items that run out."""

from __future__ import annotations

from datetime import datetime

import pytest

from tests.wall.figures.reading import Wall, all_as_shown, as_shown, change, rounded, short
from tests.wall.oracle import headline
from tests.wall.oracle.books import Books
from tests.wall.oracle.events import Event, newest
from tests.wall.oracle.runway import Item, at_risk, lowest_covers

pytestmark = pytest.mark.browser
WORDS = ("", "one", "two", "three", "four", "five", "six")


def called(text: str, name: str) -> None:
    """The wall leaves out legal forms and shortens nothing else."""
    assert len(text) > 1 and name.startswith(text), (text, name)


def test_top_customers(wall: Wall, books: Books) -> None:
    expected = headline.top_customers(books)
    names, money, changes = (wall.texts(f"#customers-body .{part}") for part in "nay")
    for name, (full, _, _) in zip(names, expected, strict=True):
        called(name, full)
    assert money == all_as_shown([now for _, now, _ in expected], money)
    assert changes == [change(now, before) if before > 0 else "new" for _, now, before in expected]
    said = [f"{full}: {a}, {c if c != 'new' else '–'} on last year"
            for (full, _, _), a, c in zip(expected, money, changes, strict=True)]  # fmt: skip
    assert (wall.spoken("#panel-customers") or "") == "; ".join(said)


def test_the_share_of_the_top_customers(wall: Wall, books: Books) -> None:
    expected = headline.top_customers(books)
    if expected:
        revenue, _ = headline.revenue_and_cost(headline.this_month(books))
        share = rounded(sum(now for _, now, _ in expected) / revenue * 100, 0)
        assert wall.text("#customers-sub") == f"{WORDS[len(expected)]} = {share}% of revenue · tick = last year"
    else:
        assert wall.text("#customers-body .m1") == "Nothing shipped yet this month"
    rows = wall.rows("customers")
    assert [float(row["revenue"]) for row in rows] == [float(now) for _, now, _ in expected]
    assert [float(row["revenue_last_year"]) for row in rows] == [float(before) for _, _, before in expected]


def test_the_newest_orders_and_wins(wall: Wall, books: Books) -> None:
    expected = newest(books)[:4]
    times, names, amounts = (wall.texts(f"#feed-body .{part}") for part in "hna")
    roles = wall.page.eval_on_selector_all("#feed-body .r", "rows => rows.map((row) => row.dataset.role)")
    assert times == [moment(event.at, books) for event in expected]
    assert roles == [event.role for event in expected]
    assert amounts == [amount(event, text) for event, text in zip(expected, amounts, strict=True)]
    for name, event in zip(names, expected, strict=True):
        called(name.removesuffix(" won"), event.name or "unknown customer")
        assert name.endswith(" won") == (event.role == "crm")


def amount(event: Event, text: str) -> str:
    return "–" if event.amount is None else as_shown(event.amount, text)


def moment(at: datetime, books: Books) -> str:
    """The time of today, the date of other days and of what has no time."""
    return short(at.date()) if at.date() != books.today or f"{at:%H:%M:%S}" == "00:00:00" else f"{at:%H:%M}"


def test_the_items_that_run_out(wall: Wall, books: Books) -> None:
    """The largest six; where there are fewer, the shortest covers follow."""
    risks = at_risk(books)
    others = lowest_covers(books)[: 6 - min(len(risks), 6)]
    names, money, notes = (wall.texts(f"#risk-body .{part}") for part in "nam")
    expected = risks[:6] + others
    assert names == [item.name for item in expected]
    assert money[: len(risks)] == all_as_shown([item.at_risk for item in risks[:6]], money[: len(risks)])
    assert money[len(risks) :] == [f"{rounded((item.cover or 0) / 7, 1)} wk" for item in others]
    assert notes == [when(item) + waiting(item) for item in risks[:6]] + [
        (f"next receipt {short(item.receipt)}" if item.receipt else "none due") + waiting(item) for item in others
    ]


def when(item: Item) -> str:
    assert item.run_out
    out = "out now" if item.cover == 0 else f"out {short(item.run_out)}"
    return f"{out} → {short(item.receipt)}" if item.receipt else f"{out}, none due"


def waiting(item: Item) -> str:
    if not item.waiting:
        return "no order waits"
    return "1 order waits" if item.waiting == 1 else f"{item.waiting} orders wait"


def test_what_is_told_above_the_risks(wall: Wall, books: Books) -> None:
    risks = at_risk(books)
    note = wall.text("#risk-note")
    total = as_shown(sum(item.at_risk for item in risks), note.split(" · ")[0], least=2)
    assert note == f"{total} · {len(risks)} {'item' if len(risks) == 1 else 'items'}"
    for size, room in (("wide", 6), ("tall", 4)):
        if len(risks) < 6:
            assert wall.text("#risk-sub") == "revenue at risk, then the lowest cover"
            break
        more = len(risks) - room
        text = f"revenue at risk · +{more} more" if more else "revenue at risk before next receipt"
        assert wall.text(f"#risk-sub .{size}") == text
    shown = zip(risks, wall.texts("#risk-body .a"), strict=False)
    said = [f"{item.name}: {text} at risk, runs out {short(item.run_out)}" for item, text in shown if item.run_out]
    assert wall.spoken("#panel-risk") == "; ".join(said)


def test_money_at_risk_is_one_figure(wall: Wall, books: Books) -> None:
    """Hero = ranked list = API = the walk over the sources."""
    total = sum(item.at_risk for item in at_risk(books))
    hero, note = wall.text("#runway-note .crit"), wall.text("#risk-note")
    assert hero.split(" ")[0] == note.split(" ")[0] == as_shown(total, hero.split(" ")[0], least=2)
    for panel in ("runway", "runway_lanes", "risk"):
        assert sum(float(row["at_risk"] or 0) for row in wall.rows(panel)) == pytest.approx(total, abs=0.5), panel
