"""What the promise panel says: the day, what decides it, the ladder, and the words one sends on."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pandas as pd
import pytest

from components.desk.view import View
from components.promise import Asked, as_text, quantity, section, sentences, shown
from data_access.config import parse_config
from data_access.planning.promise import Item, Receipt, promise
from data_access.promise import Answer, Warehouse
from data_access.result import Result

TODAY = date(2026, 11, 23)
COMPANY = {"name": "K", "currency": "CNY", "timezone": "Asia/Shanghai", "language": "en"}
PLACES = (Warehouse("w", "SZ", "Suzhou"), Warehouse("c", "CD", "Chengdu"))
ERP = {"name": "erp", "role": "erp", "system": "tryton", "url": "sqlite:///erp.db"}


def view(lang: str = "en") -> View:
    company = parse_config({"company": COMPANY, "source": [ERP]}, Path("/nowhere/tandem.toml")).company
    return View(lang, company, "/items/p", TODAY)


def answer(item: Item, asked: str, at: str = "w") -> Answer:
    place = next(one for one in PLACES if one.warehouse_id == at)
    result = Result(pd.DataFrame(), datetime(2026, 11, 23, 6, 30, tzinfo=UTC), ("erp",), 1)
    made = promise(item, Decimal(asked), at)
    return Answer("p", "GM-60", "Gear motor 60", "pcs", place, item, made, result, PLACES)


def stocked(**more: object) -> Item:
    return Item(TODAY, {"w": Decimal(20), "c": Decimal(160)}, **more)  # type: ignore[arg-type]


RECEIPTS = (Receipt("make", "8831", TODAY + timedelta(days=24), Decimal(1950), "w"),)


@pytest.mark.parametrize(
    ("asked", "first", "second"),
    [
        ("20", "All 20 can leave today.", "Stock in Suzhou decides."),
        ("100", "All 100 can be there in 3 days.", "Stock moved from Chengdu decides the last 80."),
        ("1,300", "All 1,300 can be there in 24 days.", "Work order 8831 decides the last 1,120."),
    ],
)
def test_the_sentence_names_the_supply_that_decides(asked: str, first: str, second: str) -> None:
    found = answer(stocked(receipts=RECEIPTS), asked.replace(",", ""))
    assert sentences(view(), found) == (first, second)


def test_what_cannot_be_promised_says_what_is_missing() -> None:
    found = answer(stocked(), "300")
    first, second = sentences(view(), found)
    assert "120 of 300 pcs" in first and "180 can be there by 26 Nov" in second
    assert (
        sentences(view(), answer(Item(TODAY, {}, supply="none"), "1"))[0]
        == "This is a service: it is not held in stock."
    )


def test_it_is_said_in_chinese_too() -> None:
    found = answer(stocked(receipts=RECEIPTS), "1300")
    assert sentences(view("zh"), found) == ("全部 1,300 可在 24 天内到位。", "最后 1,120 取决于工单 8831。")
    assert "没有" not in as_text(view("zh"), found) and "12月17日 周四" in as_text(view("zh"), found)


def test_the_text_one_sends_on_holds_item_day_and_split() -> None:
    lines = as_text(view(), answer(stocked(receipts=RECEIPTS), "1300")).splitlines()
    assert lines[0] == "GM-60 Gear motor 60, 1,300 pcs to Suzhou: Thu 17 Dec 2026"
    assert lines[2] == "Sooner in two parts: 180 on 26 Nov, 1,120 on 17 Dec" and lines[3].startswith(
        "As of 23 Nov 14:30"
    )


def test_a_long_ladder_is_shortened_around_what_counts() -> None:
    many = tuple(
        Receipt("buy", f"p{n:02}", TODAY + timedelta(days=n), Decimal(5), "w") for n in range(1, 40)
    )  # fmt: skip
    rows = shown(promise(Item(TODAY, {"w": Decimal(1)}, receipts=many), Decimal(120), "w").rungs)
    kept = [row for row in rows if not isinstance(row, int)]
    assert len(kept) <= 8 and any(row.decides for row in kept) and kept[0].kind == "stock"
    assert len(kept) + sum(row for row in rows if isinstance(row, int)) == 40


def test_the_panel_marks_the_row_that_decides() -> None:
    found = answer(stocked(receipts=RECEIPTS, supply="make", lead_time_days=35), "1300")
    drawn = str(section(view(), Asked("GM-60", "1300", "SZ"), found, None, warehouses=PLACES).to_plotly_json())
    assert drawn.count("rung decides") == 1 and "New work order, 35 days" in drawn and "not needed" in drawn
    assert "3 days are counted from one warehouse to another" in drawn


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Decimal("300.000000"), "300"),
        (0.5, "0.5"),
        (1234567, "1,234,567"),
        (Decimal("-2.250000"), "−2.25"),
        (None, "–"),
    ],
)
def test_quantities_have_the_digits_they_have(value: object, text: str) -> None:
    assert quantity(value) == text
