"""What entities, reasons and rules are called, and a feed's days against its source."""

from __future__ import annotations

import json
import re
from datetime import UTC, date, datetime
from typing import Any

import pandas as pd
import pytest

from components.desk.view import View
from components.feeds import names, pipe, reasons
from components.feeds.compared import compared
from components.i18n import texts
from components.quality import tables
from data_access.config import Quality
from data_access.connectors.profile import PROFILES, canonical_entities, load_profile
from data_access.result import Result
from data_access.sync.check import all_rules
from data_access.sync.land import DUPLICATE
from data_access.sync.lineage import MODELS
from tests.wall.canned import COMPANY

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
HAN = re.compile(r"[\u4e00-\u9fff]")


def view(lang: str = "en") -> View:
    return View(lang, COMPANY, "/sync", NOW.date())


def test_every_entity_and_stream_of_a_shipped_profile_has_a_name() -> None:
    streams = {name for path in PROFILES.glob("*.toml") for name in load_profile(path.stem).stream}
    silent = [name for name in sorted(streams | set(canonical_entities())) if f"thing.{name}" not in texts("zh")]
    assert not silent, silent
    assert names.thing("opportunity_line", "zh") == "商机明细" and names.thing("my_own_table", "zh") == "my own table"


def test_every_shipped_rule_has_its_words_in_chinese() -> None:
    rules = all_rules(MODELS, Quality())
    silent = [name for name, rule in rules.items() if not HAN.search(rule.title_zh or "")]
    assert len(rules) > 60 and not silent, silent


@pytest.mark.parametrize(
    ("text", "en", "zh"),
    [
        ("product_id: product P: 9 is unknown", "product_id: item P: 9 is unknown", "product_id：物料 P: 9 未知"),
        ("name is missing", "name is missing", "缺少 name"),
        ("amount: ten is not decimal(18,2)", "amount: ten is not decimal(18,2)", "amount：ten 不是 decimal(18,2)"),
        ("amount is not date", "amount is not date", "amount 不是 date"),
        ("key id is NULL; name is missing", "key id is empty; name is missing", "主键 id 为空; 缺少 name"),
        (DUPLICATE, "the key is there twice: another row was kept", "主键重复：保留了另一行"),
        ("a text of a later version", "a text of a later version", "a text of a later version"),
    ],
)
def test_reasons_in_both_languages(text: str, en: str, zh: str) -> None:
    assert (reasons.reason(text, "en"), reasons.reason(text, "zh")) == (en, zh)


def test_changes_of_columns_in_both_languages() -> None:
    assert reasons.change("discount: source: added (integer)", "en") == "discount: added (integer)"
    assert reasons.change("old: source: renamed (old -> new)", "zh") == "old: 改名 (old -> new)"
    assert reasons.change("no change of ours", "zh") == "no change of ours"


def days(*rows: dict[str, Any], asked: dict[str, Any] | None = None, status: str = "differs") -> Result:
    told = [
        {"source": "erp", "entity": "sales_order_line", "status": status, "detail": "", "days": 1493, "agreed": 1492,
         "checked_at": NOW, "asked": asked}
    ]  # fmt: skip
    empty: dict[str, Any] = {
        "entity": "sales_order_line", "day": date(2026, 11, 2), "source_count": 3, "warehouse_count": 2,
        "source_sum": 30.5, "warehouse_sum": 20.25, "missing_rows": 0, "extra_rows": 0, "different_rows": 0,
        "found": "{}",
    }  # fmt: skip
    return Result(pd.DataFrame([empty | row for row in rows]), NOW, (), 1, notes={"compared": told})


def drawn(result: Result, lang: str = "en", *, may_act: bool = True) -> str:
    found = compared("erp", result, view(lang), lambda at: str(at)[11:16], may_act=may_act)
    assert found is not None
    return json.dumps(found.to_plotly_json(), default=lambda node: node.to_plotly_json(), ensure_ascii=False)


def test_a_day_names_the_rows_that_make_the_difference_and_offers_to_pull_them() -> None:
    found = {"missing": ["7|1"], "extra": ["<b>"], "different": []}
    text = drawn(days({"missing_rows": 1, "extra_rows": 1, "found": json.dumps(found)}))
    for said in ("1,492 of 1,493 days agree · 12:00", "2 Nov 2026", "3 rows there, 2 here", "sum −10.25",
                 "missing here: 7|1", "gone there: <b>", "Pull these again", "Compare now"):  # fmt: skip
        assert said in text, said
    assert json.dumps(json.dumps(["7|1", "<b>"])) in text  # the rows that the button is about
    assert "data-act" not in drawn(days({"missing_rows": 1, "found": json.dumps(found)}), may_act=False)


def test_more_rows_than_are_listed_are_pulled_by_a_comparison() -> None:
    found = {"missing": [str(number) for number in range(20)], "extra": [], "different": []}
    text = drawn(days({"missing_rows": 31, "found": json.dumps(found)}))
    assert "Pull all that differ" in text and "data-keys" not in text and "and 25 more" in text


def test_what_became_of_a_request() -> None:
    asked = {"kind": "pull", "asked_by": "Ann", "created_at": "2026-11-23T13:05:00.000Z", "finished_at": None}
    assert "Asked for at 13:05, not done yet" in drawn(days(asked=asked | {"result": None}))
    done = asked | {"finished_at": "2026-11-23T13:06:00.000Z"}
    assert "What was asked for at 13:05 failed" in drawn(days(asked=done | {"result": "failed"}))
    assert "days agree · 13:06" in drawn(days(asked=done | {"result": "done"}))


def test_what_cannot_be_compared_says_so() -> None:
    assert "cannot count its rows by day" in drawn(days(status="unsupported"))
    nothing = Result(pd.DataFrame(), NOW, (), 1, notes={"compared": []})
    assert compared("erp", nothing, view(), str, may_act=True) is None


def test_completeness_is_never_rounded_up_to_all() -> None:
    row = {"source": "erp", "entity": "invoice", "status": "differs", "detail": None, "days_compared": 99_999,
           "days_agreed": 99_998, "completeness": 99_998 / 99_999, "checked_at": NOW}  # fmt: skip
    (cells,) = tables.completeness([row], view("zh"), days())
    assert cells["completeness"]["t"] == "99.99%" and cells["entity"]["t"] == "发票"
    assert cells["status"] == {"t": "不一致", "s": "warn"}


@pytest.mark.parametrize(("hour", "side"), [(2, "right"), (20, "left"), (12, "left")])
def test_a_day_s_words_stand_where_its_bars_are_low(hour: int, side: str) -> None:
    rows = [{"role": "erp", "hour": n, "changed": 900.0 if n == hour else 0.0, "usual": None} for n in range(24)]
    (told,) = pipe.figure(rows, {"erp": 900.0}, "en")["layout"]["annotations"]
    assert told["xanchor"] == side
