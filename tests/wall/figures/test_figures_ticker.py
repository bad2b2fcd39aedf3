"""Alerts: every sentence's names, dates, counts and money."""

from __future__ import annotations

import re

import pytest

from tests.wall.figures.reading import Wall, arrow, as_shown, rounded, short
from tests.wall.oracle.alerts import Alert, alerts
from tests.wall.oracle.books import Books

pytestmark = pytest.mark.browser


def test_every_sentence(wall: Wall, books: Books) -> None:
    heads, tails = wall.texts("#ticker-body .al > b"), wall.texts("#ticker-body .al > .t2")
    expected = alerts(books)
    assert heads == [head(alert) for alert in expected]
    assert tails == [tail(alert, text) for alert, text in zip(expected, tails, strict=True)]


def head(alert: Alert) -> str:
    day = short(alert.date1) if alert.date1 else ""
    if alert.code == "unconverted":
        return f"{alert.subject}: no exchange rate" if alert.subject else "Orders without a currency"
    assert alert.code == "customer_falling" or alert.code == "ticket_surge" or day
    says = {
        "stockout": f"runs out {day}",
        "overdue_receipt": f"receipt overdue since {day}",
        "customer_falling": arrow(alert.figure or 0, 0),
        "ticket_surge": f"{rounded(alert.figure or 0, 1)}× usual tickets",
        "contract_due": f"contract ends {day}",
    }
    return f"{alert.subject} {says[alert.code]}"


def tail(alert: Alert, text: str) -> str:
    """What follows from it; a fact that is missing is left out."""
    money = re.search(r"<?¥[\d.]+[KMB]?", text)
    facts = {
        "stockout": [count(alert.count, "order"), "money", alert.date2 and f"next in {short(alert.date2)}"],
        "overdue_receipt": [count(alert.count, "receipt"), "money"],
        "customer_falling": [alert.date1 and f"renewal due {short(alert.date1)}"],
        "ticket_surge": [f"{alert.count} this week"],
        "contract_due": ["money" if alert.figure is not None else None],
        "unconverted": [f"{count(alert.count, 'line')} left out"],
    }[alert.code]
    return ", ".join(
        as_shown(alert.figure, money[0] if money else text) if fact == "money" else fact for fact in facts if fact
    )


def count(number: int, thing: str) -> str:
    return f"{number} {thing}{'' if number == 1 else 's'}" if number else ""


def test_how_many_there_are(wall: Wall, books: Books) -> None:
    """The line shows as many as fit and says which of how many; it turns every eight seconds."""
    more = wall.text("#ticker-more")
    seen = wall.page.evaluate("""() => [document.getElementById('ticker-more').textContent,
        ...[...document.getElementById('ticker-body').children].flatMap((item, i) => item.hidden ? [] : [i + 1])]""")
    total = len(alerts(books))
    shown, places = seen[0], seen[1:]
    assert places == list(range(places[0], places[-1] + 1)) and places[-1] <= total
    assert re.fullmatch(rf"(\d+(–\d+)? of )?{total} alerts?", more)
    if len(places) < total:
        span = f"{places[0]}–{places[-1]}" if len(places) > 1 else f"{places[0]}"
        assert shown == f"{span} of {total} alerts"
    else:
        assert shown == ("1 alert" if total == 1 else f"{total} alerts")
