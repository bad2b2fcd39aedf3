"""What sales against inventory says and draws: findings, shades, places of marks, bars, advice."""

from __future__ import annotations

from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from components import format as fmt
from components.charts import month_index, speed_cover
from components.desk.view import View
from components.inventory import campaigns, lists, pipeline
from components.wall import plain, render
from tests.wall import canned

VIEW = View("en", canned.COMPANY, "/inventory", canned.TODAY)
Row = dict[str, Any]


@pytest.mark.parametrize(
    ("weeks", "shade"),
    [(None, "none"), (0.0, "thin"), (2.44, "thin"), (2.46, "s1"), (6.0, "s3"), (14.0, "s6"), (99.0, "s6")],
)
def test_a_cell_is_thin_exactly_when_it_shows_so(weeks: float | None, shade: str) -> None:
    assert lists.shade(weeks) == shade
    shown = lists.cell(weeks).children
    assert shown.startswith(fmt.DOWN) == (shade == "thin")
    assert (shade == "thin") == (weeks is not None and float(fmt.number(weeks, 1)) < 2.5)


def test_warehouses_without_sales_are_left_out_and_the_best_sellers_come_first() -> None:
    def row(category: str, code: str, weekly: float, cover: float | None) -> Row:
        return {
            "category": category,
            "warehouse": code,
            "warehouse_name": f"{code} hub",
            "weekly_sales": weekly,
            "cover_weeks": cover,
        }

    rows = [row("A", "x", 1.0, 3.0), row("A", "y", 5.0, 4.0), row("A", "z", 0.0, None), row("B", "z", 0.0, None)]
    categories, places, cells = lists.table(rows)
    assert categories == ["A"] and places == [("y", "y"), ("x", "x")] and cells["A", "x"]["cover_weeks"] == 3.0


def test_places_keep_their_whole_name_where_the_first_word_does_not_tell() -> None:
    assert lists.short_names({"a": "Suzhou plant", "b": "Chengdu hub"}) == {"a": "Suzhou", "b": "Chengdu"}
    assert lists.short_names({"a": "Hub one", "b": "Hub two"}) == {"a": "Hub one", "b": "Hub two"}


def test_the_wall_shows_the_best_of_each_kind_and_fills_up_with_the_next() -> None:
    rows = [{"kind": "expedite", "money": money, "place": place} for place, money in enumerate((9.0, 8.0, 7.0, 6.0), 1)]
    assert [row["money"] for row in lists.best_of_each(rows)] == [9.0, 8.0, 7.0]
    offer = {"kind": "offer", "money": 1.0, "place": 1}
    assert [row["money"] for row in lists.best_of_each([*rows, offer])] == [9.0, 8.0, 1.0]


@pytest.mark.parametrize(
    ("sales", "stock", "key"),
    [(0.08, -0.07, "more_less"), (0.08, 0.07, "more_more"), (-0.08, -0.07, "less_less"), (-0.08, 0.07, "less_more")],
)
def test_the_index_says_which_way_both_went(sales: float, stock: float, key: str) -> None:
    assert month_index.finding(sales, stock) == f"index.finding.{key}"
    assert month_index.finding(0.004, stock) == "index.title"


def test_changes_are_signed() -> None:
    assert [month_index.signed(value) for value in (0.081, -0.066, 0.001, -0.001)] == ["+8%", "−7%", "0%", "0%"]


@pytest.mark.parametrize(("one", "other"), [(101.0, 100.0), (100.0, 101.0), (100.0, 100.0), (90.0, 130.0)])
def test_end_labels_of_the_index_stand_apart(one: float, other: float) -> None:
    rows = [{"day": date(2026, 1, 1), "booked": 5.0, "stock_cost": 8.0}] * 12
    sales, stock = [100.0, 140.0, *[100.0] * 9, one], [100.0, 60.0, *[100.0] * 9, other]
    layout = month_index.figure(rows, sales, stock, "en")["layout"]
    low, high = layout["yaxis"]["range"]
    ends = [end["y"] / (high - low) * month_index.PLOT_PX + end["yshift"] for end in layout["annotations"]]
    assert abs(ends[0] - ends[1]) >= month_index.APART_PX - 0.1
    assert month_index.indices([{"booked": 4.0, "stock_cost": 5.0}, {"booked": 5.0, "stock_cost": 4.0}]) == (
        [100.0, 125.0], [100.0, 80.0],
    )  # fmt: skip


def speed_figure(rows: list[Row]) -> Row:
    made = speed_cover.figure(rows, fmt.unit_for([1e6], "en"), "en")
    assert isinstance(made, dict)
    return made


def test_every_item_stands_inside_the_plot_and_risks_are_named_first() -> None:
    rows = [row | {"is_fast": row["weekly_sales"] > 3e5} for row in canned.runway_rows()]
    rows[0] |= {"cover_weeks": 0.0}
    rows[1] |= {"cover_weeks": 400.0}
    rows[2] |= {"weekly_sales": 1.0}
    made = speed_figure(rows)
    layout, told = made["layout"], made["layout"]["meta"]["labels"]
    low, high = (10**edge for edge in layout["yaxis"]["range"])
    for trace in made["data"]:
        assert all(speed_cover.FIRST <= x <= speed_cover.LAST for x in trace["x"])
        assert all(low < y < high for y in trace["y"])
    marks = sum(len(trace["x"]) for trace in made["data"])
    assert marks == len(rows) == len(told["points"])
    risky = [point["risk"] for point in told["points"]]
    assert risky == sorted(risky, reverse=True) and all(point["text"] for point in told["points"] if point["risk"])
    assert made["data"][-1]["marker"]["symbol"] == "octagon" and len(made["data"][-1]["x"]) == sum(risky)


def test_rows_behind_the_marks_are_in_their_order() -> None:
    rows = [row | {"is_fast": False} for row in canned.runway_rows()]
    unit = fmt.unit_for([1e6], "en")
    made, drawn = speed_cover.figure(rows, unit, "en"), speed_cover.drawn(rows, unit)
    for trace, mine in zip(made["data"], drawn, strict=True):
        assert trace["x"] == [round(min(max(r["cover_weeks"], 0.52), 57.6), 3) for r in mine]


def need(**more: Any) -> Row:
    base = {
        "product_id": "p",
        "sku": "SD-400",
        "name": "Drive",
        "have": 100.0,
        "ordered": 50.0,
        "weighted": 30.0,
        "rest": 10.0,
    }
    return (
        base | {"state": "fits", "short_value": 0.0, "needed_value": 1e6, "short_from": None, "late_from": None} | more
    )


def parts(row: Row) -> dict[str, Row]:
    return {part.className: getattr(part, "style", None) or {} for part in pipeline._bar(row)}


def percent(text: str) -> float:
    return float(text.rstrip("%"))


def test_what_goes_beyond_all_we_have_is_hatched() -> None:
    bar = parts(need())
    hundred = percent(bar["have"]["left"])
    assert percent(bar["need ordered"]["width"]) == pytest.approx(hundred / 2, abs=0.01) and "over" not in bar
    over = parts(need(rest=50.0))
    assert percent(over["over"]["width"]) == pytest.approx(0.3 * hundred, abs=0.02) and "beyond" not in over
    far = parts(need(rest=500.0))
    assert percent(far["over"]["left"]) + percent(far["over"]["width"]) == pytest.approx(100) and "beyond" in far


def test_without_anything_to_have_all_is_short() -> None:
    bar = parts(need(have=0.0))
    assert percent(bar["have"]["left"]) == 0 and percent(bar["over"]["width"]) > 60


@pytest.mark.parametrize(
    ("states", "title"),
    [
        (["fits", "late"], "Stock and receipts serve every deal of eight weeks"),
        (["short_if_all"], "1 item falls short if all deals close"),
        (["short"], "SD-400 cannot serve the deals we expect"),
        (["short", "short_if_all", "short_if_all"], "SD-400 cannot serve the deals we expect; 2 more if all close"),
        (["short", "short", "fits"], "2 items cannot serve the deals we expect"),
    ],
)
def test_the_pipeline_says_what_it_finds(states: list[str], title: str) -> None:
    assert pipeline.finding(canned.result([need(state=state) for state in states]), VIEW) == title


def campaign(advice: str, **more: Any) -> Row:
    base = {
        "campaign": "Spring",
        "sku": "GM-60",
        "name": "Gear motor",
        "advice": advice,
        "margin_at_stake": 0.0,
        "missing": 0.0,
    }
    days = {"start_date": canned.TODAY, "end_date": canned.TODAY + timedelta(days=20), "out_date": None}
    gap = {"missing_from": None, "missing_to": None, "next_receipt_date": None, "supplied_date": date(2026, 12, 17)}
    return base | days | gap | {"frees": None, "discount": 0.0} | more


def test_advice_is_that_of_the_worst_product() -> None:
    rows = [campaign("covered", frees=5e5), campaign("start_later", margin_at_stake=2e5, missing=3.0)]
    assert campaigns.advice(rows, VIEW) == "GM-60: start later, on 17 Dec"
    assert campaigns.advice(rows[:1], VIEW) == "covers it; frees ¥500K"
    assert campaigns.advice([campaign("covered")], VIEW) == "covers it"


def test_the_lane_of_a_campaign_is_drawn_in_days() -> None:
    out, over, comes = (canned.TODAY + timedelta(days=days) for days in (14, 20, 28))
    row = campaign("pause", out_date=out, missing_from=out, missing_to=over, next_receipt_date=comes)
    lane = {part.className: part.style for part in campaigns._lane(row, 56, VIEW) if getattr(part, "style", None)}
    assert lane["frame"] == {"left": "0.00%", "width": "37.50%"} and lane["lasts"]["width"] == "25.00%"
    assert lane["gap"] == {"left": "25.00%", "width": "12.50%"} and lane["comes"] == {"left": "50.00%"}


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("results", [canned.results, canned.empty, canned.first_run, canned.hostile])
@pytest.mark.parametrize("panel", ["inventory_kpis", "speed_cover", "month_index", "warehouse_cover", "do_next"])
def test_every_panel_of_the_scene_is_plain_json_in_every_state(panel: str, results: Any, lang: str) -> None:
    import json

    company = SimpleNamespace(name="K", currency="CNY", timezone="Asia/Shanghai", language=lang)
    made = render(panel, results()[panel], lang, company)  # type: ignore[arg-type]
    assert json.dumps(plain(made)) and made["head"]["title"] and ("tree" in made or "figure" in made)
