"""Panels from rows: what they say, in both languages, in every state; text of people stays text."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pandas as pd
import pytest

from components import wall
from components.charts.forecast import scale
from components.i18n import LANGUAGES
from components.wall import kpi
from data_access.result import Result
from tests.wall import canned

CASES = {"normal": canned.results, "empty": canned.empty, "first_run": canned.first_run, "hostile": canned.hostile}


def render(panel: str, results: dict[str, Result] | None = None, lang: str = "en") -> dict[str, Any]:
    found = results or canned.results()
    return wall.render(panel, {name: found[name] for name in wall.PANELS[panel]}, lang, canned.COMPANY)  # type: ignore[arg-type]


def texts(node: Any) -> list[str]:
    """Every text of a component tree, in reading order."""
    if isinstance(node, str):
        return [node]
    if isinstance(node, list):
        return [text for item in node for text in texts(item)]
    return texts((node or {}).get("props", {}).get("children")) if isinstance(node, dict) else []


def said(payload: dict[str, Any]) -> str:
    return " ".join(texts(payload["tree"]))


def components(node: Any, kind: str) -> list[dict[str, Any]]:
    """Components of a tree whose class has `kind`."""
    if isinstance(node, list):
        return [found for item in node for found in components(item, kind)]
    if not isinstance(node, dict):
        return []
    props = node.get("props", {})
    here = [props] if kind in str(props.get("className", "")).split() else []
    return here + components(props.get("children"), kind)


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("panel", wall.PANELS)
def test_every_panel_is_plain_json(panel: str, case: str, lang: str) -> None:
    payload = render(panel, CASES[case](), lang)
    assert json.loads(json.dumps(payload, allow_nan=False)) == payload
    assert ("tree" in payload) != ("figure" in payload)
    assert payload["head"]["title"] and payload["panel"] == panel and payload["sources"]


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("panel", wall.PANELS)
def test_the_same_rows_make_the_same_bytes(panel: str, lang: str) -> None:
    assert json.dumps(render(panel, lang=lang)) == json.dumps(render(panel, lang=lang))


def test_hostile_text_only_ever_is_a_child() -> None:
    for panel in ("customers", "risk", "feed", "ticker"):
        payload = render(panel, canned.hostile())
        assert canned.HOSTILE in said(payload), panel

        def walk(node: Any) -> None:
            if isinstance(node, list):
                for item in node:
                    walk(item)
            elif isinstance(node, dict):
                for name, value in node.get("props", {}).items():
                    assert name == "children" or "<img" not in str(value), name
                    if name == "children":
                        walk(value)
                assert node.get("type") in {"Div", "Span", "B", "I", "Em", "Img"}

        walk(payload["tree"])


def test_one_result_is_enough_where_one_is_needed() -> None:
    alone = wall.render("customers", canned.results()["top_customers"], "en", canned.COMPANY)  # type: ignore[arg-type]
    assert alone == render("customers")
    with pytest.raises(KeyError):
        wall.render("nothing", {}, "en", canned.COMPANY)  # type: ignore[arg-type]


def test_pandas_kinds_of_nothing_are_nothing() -> None:
    rows = canned.customer_rows()
    frame = pd.DataFrame(rows).astype({"revenue_last_year": "Float64", "change": "Float64"})
    frame.loc[0, ["revenue_last_year", "change"]] = pd.NA
    payload = render("customers", canned.results() | {"top_customers": Result(frame, canned.NOW, ("erp",), 1)})
    assert "new" in said(payload)


def test_kpi_strip() -> None:
    payload = render("kpis")
    text = said(payload)
    for expected in (
        "¥ 41.6 M",
        "▲ 3.0%",
        "vs plan",
        "▲ 8.1%",
        "1.06×",
        "34.2 %",
        "▼ 1.6 pt",
        "vs 95%",
        "44 days",
        "1.9×",
        "11.6%",
        "214",
        "4.5 /5",
    ):
        assert expected in text, expected
    assert [cell["data-role"] for cell in components(payload["tree"], "k")] == ["erp"] * 5 + ["crm", "erp", "crm"]
    assert len(components(payload["tree"], "warn")) == 2  # icon and figure of on-time delivery, nothing else


def test_kpi_strip_in_chinese_leaves_the_currency_sign_out() -> None:
    text = said(render("kpis", lang="zh"))
    assert "4,160 万" in text and "¥ 4,160" not in text and "目标 95%" in text


def test_bullet_shows_value_and_plan_on_one_scale() -> None:
    row = canned.kpi_rows()[0]
    assert kpi.bullet_scale(row) == (54e6, 40.4e6)
    (bullet,) = components(render("kpis")["tree"], "bullet")
    fill, tick = bullet["children"]
    assert fill["props"]["style"]["width"] == f"{41.6 / 54 * 100:.2f}%"
    assert tick["props"]["style"]["left"] == f"{40.4 / 54 * 100:.2f}%"
    over, _ = kpi.bullet_scale(row | {"value": 60e6})
    assert over == 60e6


def test_without_a_plan_the_bullet_compares_with_last_year() -> None:
    row = canned.kpi("revenue", 41.6e6, "money", "last_year", 38.5e6, 0.081, fallback="no_plan")
    text = said(render("kpis", canned.results() | {"today_kpis": canned.result([row, *canned.kpi_rows()[1:]])}))
    assert "▲ 8.1%" in text and "last year ¥38.5M" in text and "no plan file set" in text


def test_first_days_are_grey_and_honest() -> None:
    payload = render("kpis", canned.first_run())
    text = said(payload)
    for expected in (
        "day 3",
        "of data",
        "no last year yet",
        "no plan file set",
        "1.15×",
        "first due",
        "26 Nov",
        "by the CRM's own %",
        "Tickets / 100",
        "orders, no survey",
    ):
        assert expected in text, expected
    assert not components(payload["tree"], "warn") and not components(payload["tree"], "crit")
    assert components(payload["tree"], "days")


def test_customers_add_up_and_rank() -> None:
    payload = render("customers")
    assert payload["head"]["sub"] == "six = 45% of revenue · tick = last year"
    bars = components(payload["tree"], "fill")
    widths = [float(bar["style"]["width"].rstrip("%")) for bar in bars]
    assert widths == sorted(widths, reverse=True) and len(widths) == 6
    ticks = [float(tick["style"]["left"].rstrip("%")) for tick in components(payload["tree"], "tick")]
    assert widths[0] / ticks[0] == pytest.approx(1.124, rel=1e-3)
    assert render("customers", lang="zh")["head"]["sub"] == "六家占收入 45% · 刻度为去年"


def test_risk_list_says_how_many_it_leaves_out() -> None:
    rows = [canned.item("A", i, f"Item {i}", 1.0, 2.0, 1.0 + i, 2.0, 3.0, i) for i in range(9)]
    payload = render("risk", canned.results() | {"stockout_risk": canned.result(rows)})
    assert len(components(payload["tree"], "r")) == 6
    assert texts(payload["head"]["sub"]) == ["revenue at risk · +3 more", "revenue at risk · +5 more"]
    assert payload["head"]["note"] == "¥45.0M · 9 items"


def test_risk_row_draws_its_gap() -> None:
    row = render("risk")["tree"]["props"]["children"][0]
    (gap,) = components(row, "gap")
    assert gap["style"] == {"left": f"{1.3 / 6 * 100:.2f}%", "width": f"{1.7 / 6 * 100:.2f}%"}
    assert "out 2 Dec → 14 Dec" in " ".join(texts(row)).replace("  ", " ")


def test_a_gap_without_a_receipt_says_so() -> None:
    row = canned.item("A", 1, "Item", 1.0, 0.0, 1.0, 0.0, 6.0, 1) | {"next_receipt_date": None}
    payload = render("risk", canned.results() | {"stockout_risk": canned.result([row])})
    assert "out now, none due" in said(payload)
    assert "order waits" in said(payload) and not components(payload["tree"], "tick")


def test_empty_panels_say_the_good_news_and_the_nearest_case() -> None:
    text = said(render("risk", canned.empty()))
    assert "Nothing runs out in the next 6 weeks" in text and "Encoder kit, 6.4 weeks" in text
    assert "未来 6 周没有断货" in said(render("risk", canned.empty(), "zh"))
    assert "No alerts" in said(render("ticker", canned.empty()))


def test_feed_names_the_system_and_the_time() -> None:
    payload = render("feed")
    assert "14:29" in said(payload) and "won" in said(payload)
    assert [row["data-role"] for row in components(payload["tree"], "r")] == ["erp", "crm", "erp", "erp"]


def test_feed_of_other_days_shows_the_date() -> None:
    rows = canned.feed_rows()
    rows[1]["happened_at"] = pd.Timestamp(canned.NOW - timedelta(days=2))
    rows[2]["happened_at"] = pd.Timestamp(
        datetime(2026, 11, 22, 16, 0, tzinfo=UTC)
    )  # midnight in Shanghai: only a date
    text = said(render("feed", canned.results() | {"feed": canned.result(rows)}))
    assert "21 Nov" in text and "23 Nov" in text and "14:29" in text


def test_alerts_are_sentences() -> None:
    text = said(render("ticker"))
    for expected in (
        "SD-400 runs out 2 Dec",
        "7 orders, ¥1.9M, next in 14 Dec",
        "PU-50 runs out 6 Dec",
        "receipt overdue since 9 Nov",
        "Orion Packaging ▼ 6%",
        "renewal due 9 Dec",
        "Suntai Chemical contract ends 31 Dec",
        "Gear motor 60 3.4× usual tickets",
        "3 lines left out",
    ):
        assert expected in text, expected
    assert "SD-400 12月2日断货" in said(render("ticker", lang="zh"))


def test_alerts_live_without_their_facts() -> None:
    bare = [
        canned.alert("crit", code, "X")
        for code in ("stockout", "overdue_receipt", "customer_falling", "contract_due", "ticket_surge", "something_new")
    ]
    bare.append(canned.alert("warn", "unconverted", None, None, date(2026, 1, 1), None, 1))
    text = said(render("ticker", canned.results() | {"alerts": canned.result(bare)}))
    assert "X has run out" in text and "Orders without a currency" in text and "1 line left out" in text
    assert "–" not in text and "None" not in text and "{" not in text


def test_forecast_joins_the_last_actual() -> None:
    payload = render("forecast")
    band, year, past, ahead = payload["figure"]["data"]
    assert (ahead["x"][0], ahead["y"][0]) == (past["x"][-1], past["y"][-1])
    assert (band["x"][0], band["y"][0]) == (band["x"][-1], band["y"][-1]) == (past["x"][-1], past["y"][-1])
    assert len(past["x"]) == 12 and len(ahead["x"]) == 11 and len(year["x"]) == 22
    assert payload["head"]["note"] == "¥M a week · band = 80% likely · trend and season"
    assert render("forecast", lang="zh")["head"]["note"].startswith("每周万元")
    assert payload["figure"]["layout"]["xaxis"]["ticktext"][0] == "W36"


def test_money_at_both_ends_of_the_bullet_stays_short_on_the_first_day_of_a_month() -> None:
    """Nothing sold yet, or little: the plan is told in millions all the same."""
    for value in (0.0, 640_000.0):
        row = canned.kpi_rows()[0] | {"value": value}
        assert kpi._ends(row, "en", "CNY") == ("plan today ¥40.4M", "month ¥54.0M")


def test_forecast_without_a_future_is_a_sentence() -> None:
    assert "needs more history" in said(render("forecast", canned.empty()))


@pytest.mark.parametrize(("low", "high"), [(11.2, 15.8), (0, 3), (5, 5), (1120, 1580), (-4, 9), (0.01, 0.02)])
def test_axis_has_a_few_round_ticks(low: float, high: float) -> None:
    bottom, top, ticks = scale(low, high)
    assert bottom <= low and high <= top
    assert 1 <= len(ticks) <= 5 and all(bottom + 0.07 * (top - bottom) <= tick <= top for tick in ticks)
