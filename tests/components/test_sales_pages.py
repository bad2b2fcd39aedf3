"""Sales, outcomes and glossary from rows: both languages, nothing to show, and names that mean harm."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from plotly.utils import PlotlyJSONEncoder

from components import glossary, outcomes, sales
from components.charts.ticks import digits, ticks
from components.desk.view import View
from components.rows import records
from data_access.metrics import listed, metrics
from data_access.panels import PANELS, check_filters, read_all
from data_access.sales import KINDS
from data_access.warehouse import Reader
from tests.modelbench import Bench
from tests.published import publish
from tests.wall.canned import COMPANY

TODAY = date(2026, 11, 23)
HOSTILE = (
    "<img src=x onerror=alert(1)>", '"><script>alert(1)</script>', "=cmd|' /C calc'!A0", "*{money}* %s {0} &amp;",
    "\u202eevil\u202c 北京\u0000", "W" * 300,
)  # fmt: skip
NAMES = {"sales": sales, "outcomes": outcomes}
DRAWN = [name for name, panel in PANELS.items() if panel.page in NAMES]


def hostile_company(baseline: tuple[date, date] | None) -> Bench:
    bench = Bench(TODAY, baseline=baseline)
    noon = datetime(2026, 11, 23, 12, tzinfo=UTC)
    who = [{"customer_id": str(k), "name": name.replace("\0", ""), "region": name[:40].replace("\0", ""),
            "owner": name[:40].replace("\0", "")} for k, name in enumerate(HOSTILE)]  # fmt: skip
    bench.rows("customer", who).rows("customer", who, "crm")
    deals, orders, history = [], [], []
    for k in range(60):
        name, day, who_is = HOSTILE[k % 6].replace("\0", ""), TODAY - timedelta(days=7 * k), str(k % 6)
        stage = ("lead", "proposal", "won", "lost", "qualified", "negotiation")[k % 6]
        closed, due = day if stage in ("won", "lost") else None, TODAY + timedelta(days=k)
        deals.append(
            {"opportunity_id": f"d{k}", "customer_id": who_is, "name": name, "stage": stage, "currency": "EUR",
             "amount": str(1000 + k), "created_date": day - timedelta(days=30), "owner": name, "probability": "0.3",
             "expected_close": due, "closed_date": closed}
        )  # fmt: skip
        for n, entered in enumerate(("lead", stage)):
            at = noon - timedelta(days=7 * k + 20 - 5 * n)
            history.append({"opportunity_id": f"d{k}", "stage": entered, "entered_at": at})
        orders.append(
            {"order_id": f"o{k}", "order_no": name, "line_id": f"o{k}", "order_date": day, "quantity": 2,
             "customer_id": who_is, "currency": "EUR", "amount": "700", "status": "open",
             "promised_date": day + timedelta(days=9)}
        )  # fmt: skip
    bench.rows("opportunity", deals, "crm").rows("opportunity_stage_history", history, "crm")
    ends = {"start_date": TODAY - timedelta(days=300), "end_date": TODAY + timedelta(days=9), "status": "active"}
    bench.rows(
        "contract", [{"contract_id": str(k), "customer_id": str(k), "amount": "5", **ends} for k in range(6)], "crm"
    )
    return bench.rows("sales_order_line", orders).build()


def published(bench: Bench, folder: Path) -> Reader:
    bench.save(folder / "wh-1.duckdb")
    publish(folder, 1, [])
    reader = Reader(folder)
    reader.refresh()
    return reader


@pytest.fixture(scope="module", params=["hostile", "nothing"])
def reader(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reader]:
    hostile = request.param == "hostile"
    bench = hostile_company((date(2025, 10, 1), date(2025, 11, 1))) if hostile else Bench(TODAY).build()
    yield published(bench, tmp_path_factory.mktemp("wh"))


def drawn(reader: Reader, name: str, lang: str, **options: Any) -> dict[str, Any]:
    """The panel's JSON form, as it travels."""
    panel = PANELS[name]
    given = {"status": options["kind"]} if "kind" in options else {}
    results = read_all(panel, reader.pinned(), filters=check_filters(panel, given))
    view = View(lang, COMPANY, "/sales", TODAY)
    built = NAMES[panel.page].PANELS[name](panel, view, results, **options)
    made: dict[str, Any] = json.loads(json.dumps(built, cls=PlotlyJSONEncoder))
    return made


def strings(node: Any, key: str = "") -> Iterator[tuple[str, str]]:
    """(property, text) of everything in a component tree."""
    if isinstance(node, str):
        yield key, node
    elif isinstance(node, dict):
        for name, value in node.items():
            yield from strings(value, name)
    elif isinstance(node, list):
        for value in node:
            yield from strings(value, key)


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("name", DRAWN)
def test_text_of_people_stays_text(reader: Reader, name: str, lang: str) -> None:
    every: list[dict[str, Any]] = [{"kind": kind} for kind in KINDS] if name == "order_to_cash_exceptions" else [{}]
    for options in every:
        texts = list(strings(drawn(reader, name, lang, **options)))
        assert texts
        markup = [(key, text) for key, text in texts if "<img" in text or "<script" in text]
        assert all(key in ("children", "title") for key, _ in markup), markup
        assert not [text for key, text in texts if key in ("dangerously_allow_html", "srcDoc")]
        assert all(text.startswith(("/", "data:", "#")) for key, text in texts if key in ("href", "src"))


def test_rows_of_tables_are_text_too(reader: Reader) -> None:
    for name, cells in sales.ROWS.items():
        panel = PANELS[name]
        result = read_all(panel, reader.pinned(), filters=check_filters(panel, {}))[panel.reads[0]]
        made = cells(records(result), View("en", COMPANY, "/", TODAY), result)
        assert len(made) == len(result.frame)
        for row in made:
            assert all(set(cell) <= {"t", "b", "m", "s", "h"} for cell in row.values())
            assert all(cell["h"].startswith(("/customers/", "/orders/")) for cell in row.values() if "h" in cell)
            assert not [cell["h"] for cell in row.values() if "<" in cell.get("h", "")]


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_glossary_has_every_metric_once(lang: str) -> None:
    view = View(lang, COMPANY, "/glossary", TODAY)
    page = json.loads(json.dumps(glossary.page(view, listed({"tables": {}})), cls=PlotlyJSONEncoder))
    ids = [text for key, text in strings(page) if key == "id" and text in metrics()]
    assert sorted(ids) == sorted(metrics())
    for one in metrics().values():
        words = one.definition if lang == "en" else one.definition_zh
        assert sum(text == words for _, text in strings(page)) == 1, one.name
    hrefs = {text for key, text in strings(page) if key == "href"}
    assert all(f"/glossary#{name}" in hrefs for name in metrics())


def test_a_link_to_a_metric_keeps_the_language() -> None:
    view = View("zh", COMPANY, "/sales", TODAY, extra={"lang": "zh"})
    assert view.glossary("win_rate") == "/glossary?lang=zh#win_rate"


@pytest.mark.parametrize(
    ("low", "high", "most", "wanted"),
    [(0, 34e6, 4, [0, 10e6, 20e6, 30e6]), (0, 1.97e6, 4, [0, 0.5e6, 1e6, 1.5e6]), (0.176, 0.199, 3, [0.18, 0.19]),
     (2.7, 4.3, 3, [3, 4]), (5, 5, 3, [5]), (0, 0.001, 2, [0, 0.0005, 0.001])],
)  # fmt: skip
def test_axes_have_round_values(low: float, high: float, most: int, wanted: list[float]) -> None:
    assert ticks(low, high, most) == pytest.approx(wanted)


def test_neighbouring_values_are_told_apart() -> None:
    assert [digits([1.0, 2.0]), digits([0.5, 1.0]), digits([0.25, 0.5])] == [0, 1, 2]
