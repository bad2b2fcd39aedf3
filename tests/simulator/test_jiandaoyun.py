"""The simulator against Jiandaoyun's documentation: requests written by hand, shapes as the pages show them."""

from __future__ import annotations

import re
from typing import Any

import httpx
import pytest

from tests.simulator import Simulator
from tests.simulator.clock import Clock
from tests.simulator.jdy_form import Form
from tests.simulator.jiandaoyun import Jiandaoyun

FIELDS = {
    "订单编号": "text",
    "客户": "text",
    "数量": "number",
    "下单时间": "datetime",
    "标签": "checkboxgroup",
    "明细": {"产品": "text", "单价": "number"},
}


HTTP = httpx.Client(timeout=20)


@pytest.fixture
def jdy(sim: Simulator) -> Jiandaoyun:
    return sim.jiandaoyun(api_key="key-1", per_endpoint=None, total=None)


@pytest.fixture
def form(jdy: Jiandaoyun) -> Form:
    return jdy.form(app="销售管理", name="销售订单", fields=dict(FIELDS), aliases={"客户": "customer"})


def ask(jdy: Jiandaoyun, path: str, key: str = "key-1", **body: Any) -> httpx.Response:
    return HTTP.post(f"{jdy.base_url}/v5/{path}", json=body, headers={"Authorization": f"Bearer {key}"})


def page(form: Form, **body: Any) -> list[dict[str, Any]]:
    told = ask(form.system, "app/entry/data/list", app_id=form.app_id, entry_id=form.entry_id, **body)
    assert told.status_code == 200, told.text
    return told.json()["data"]


def test_apps_forms_and_fields_are_listed(jdy: Jiandaoyun, form: Form) -> None:
    apps = ask(jdy, "app/list").json()
    assert apps == {"apps": [{"name": "销售管理", "app_id": form.app_id}]}
    forms = ask(jdy, "app/entry/list", app_id=form.app_id, limit=100, skip=0).json()
    assert forms == {"forms": [{"name": "销售订单", "app_id": form.app_id, "entry_id": form.entry_id}]}
    told = ask(jdy, "app/entry/widget/list", app_id=form.app_id, entry_id=form.entry_id).json()
    assert set(told) == {"widgets", "sysWidgets", "dataModifyTime"}
    by_label = {one["label"]: one for one in told["widgets"]}
    assert list(by_label) == list(FIELDS)
    assert by_label["客户"]["name"] == "customer" and by_label["客户"]["widgetName"].startswith("_widget_")
    assert re.fullmatch(r"_widget_\d{13}", by_label["数量"]["name"])
    assert [one["label"] for one in by_label["明细"]["items"]] == ["产品", "单价"]
    assert by_label["明细"]["type"] == "subform" and "items" not in by_label["数量"]
    assert {"name": "updateTime"} in told["sysWidgets"]


def test_apps_are_read_in_windows(jdy: Jiandaoyun) -> None:
    for number in range(5):
        jdy.form(app=f"应用{number}", name="表", fields={"a": "text"})
    told = ask(jdy, "app/list", limit=2, skip=3).json()["apps"]
    assert [one["name"] for one in told] == ["应用3", "应用4"]


def test_a_row_looks_as_documented(form: Form) -> None:
    form.insert({"订单编号": "SO-1", "客户": "甲", "数量": 3, "明细": [{"产品": "P1", "单价": 2.5}, {"产品": "P2"}]})
    (row,) = page(form)
    names = form.names()
    assert re.fullmatch("[0-9a-f]{24}", row["_id"]) and row["appId"] == form.app_id
    assert row["createTime"] == row["updateTime"] == "2026-03-01T08:00:00.123Z"
    assert row["creator"]["username"] == "xiaojian" and row["deleteTime"] is None
    assert row["customer"] == "甲" and row[names["数量"]] == 3
    assert row[names["标签"]] == [] and row[names["下单时间"]] is None
    lines = row[names["明细"]]
    assert [line[names["产品"]] for line in lines] == ["P1", "P2"]
    assert len({line["_id"] for line in lines} | {row["_id"]}) == 3


def test_pages_ascend_by_id_until_an_empty_one(form: Form) -> None:
    made = form.insert_many({"订单编号": f"SO-{n}"} for n in range(23))
    seen: list[str] = []
    cursor, pages = "", 0
    while rows := page(form, data_id=cursor, limit=10):
        seen += [row["_id"] for row in rows]
        cursor, pages = seen[-1], pages + 1
    assert seen == made == sorted(made) and pages == 3
    assert len(page(form)) == 10, "ten rows unless asked otherwise"


def test_asked_fields_come_alone_with_the_ids(form: Form) -> None:
    form.insert({"订单编号": "SO-1", "客户": "甲"})
    (row,) = page(form, fields=["customer", "updateTime"])
    assert set(row) == {"_id", "appId", "entryId", "customer", "updateTime"}


def test_a_subform_is_replaced_as_a_whole(form: Form, clock: Clock) -> None:
    rid = form.insert({"明细": [{"产品": "P1"}, {"产品": "P2"}]})
    first, second = form.rows[0]["明细"]
    clock.pass_(60)
    form.update(rid, {"明细": [{**second, "单价": 9}, {"产品": "P3"}]})
    (row,) = form.rows
    assert [line["产品"] for line in row["明细"]] == ["P2", "P3"]
    assert row["明细"][0]["_id"] == second["_id"] and row["明细"][1]["_id"] != first["_id"]
    assert row["createTime"] < row["updateTime"] == "2026-03-01T08:01:00.123Z"


def test_a_deleted_row_is_gone_and_may_come_back(form: Form) -> None:
    rid = form.insert({"订单编号": "SO-1"})
    form.delete(rid)
    assert page(form) == [] and form.rows == []
    form.recover(rid)
    assert [row["_id"] for row in page(form)] == [rid]


@pytest.mark.parametrize(
    ("one", "kept"),
    [
        ({"field": "数量", "method": "range", "value": [2, None]}, [2, 3]),
        ({"field": "数量", "method": "range", "value": [1, 2]}, [1, 2]),
        ({"field": "数量", "method": "gt", "value": [2]}, [3]),
        ({"field": "数量", "method": "empty"}, [None]),
        ({"field": "数量", "method": "nin", "value": [1, 2, None]}, [3]),
        ({"field": "createTime", "method": "range", "value": ["2026-03-01T08:02:00Z", None]}, [3, None]),
        ({"field": "createTime", "method": "range", "value": ["2026-03-02", None]}, []),
        ({"field": "updateTime", "method": "range", "value": [None, "2026-03-01T08:00:30Z"]}, [1]),
        ({"field": "creator", "method": "eq", "value": ["xiaojian"]}, [1, 2, 3, None]),
    ],
)
def test_filters(form: Form, clock: Clock, one: dict[str, Any], kept: list[Any]) -> None:
    for number in (1, 2, 3, None):
        form.insert({"数量": number})
        clock.pass_(60)
    one = {**one, "field": form.names().get(one["field"], one["field"])}
    rows = page(form, filter={"rel": "and", "cond": [one]})
    assert [row[form.names()["数量"]] for row in rows] == kept


def test_whether_updatetime_filters_is_the_tests_choice(form: Form) -> None:
    form.insert({"订单编号": "SO-1"})
    later = {"rel": "and", "cond": [{"field": "updateTime", "method": "range", "value": ["2027-01-01", None]}]}
    assert page(form, filter=later) == []
    form.system.update_time_filter = "ignored"
    assert len(page(form, filter=later)) == 1
    form.system.update_time_filter = "refused"
    told = ask(form.system, "app/entry/data/list", app_id=form.app_id, entry_id=form.entry_id, filter=later)
    assert (told.status_code, told.json()["code"]) == (400, 4815)


@pytest.mark.parametrize(
    ("path", "body", "code"),
    [
        ("app/entry/list", {"app_id": "nowhere"}, 2004),
        ("app/entry/data/list", {"entry_id": "nowhere"}, 3000),
        ("app/entry/data/list", {"limit": 101}, 17017),
        ("app/entry/data/list", {"limit": 0}, 17017),
        ("app/entry/data/list", {"filter": {"cond": []}}, 4815),
        ("app/entry/data/list", {"filter": {"rel": "and", "cond": [{"field": "a", "method": "near"}]}}, 4815),
        ("app/entry/data/get", {"data_id": "nowhere"}, 4001),
        ("app/entry/data/create", {"data": {}}, 17054),
    ],
)
def test_refusals_carry_the_documented_codes(form: Form, path: str, body: dict[str, Any], code: int) -> None:
    told = ask(form.system, path, **{"app_id": form.app_id, "entry_id": form.entry_id, **body})
    assert told.status_code == 400 and told.json()["code"] == code and told.json()["msg"]


def test_a_wrong_key_is_refused(form: Form) -> None:
    told = ask(form.system, "app/list", key="key-2")
    assert (told.status_code, told.json()["code"]) == (400, 8301)


def test_limits_slide_over_one_second(sim: Simulator) -> None:
    jdy = sim.jiandaoyun(api_key="key-1", per_endpoint=3, total=5)
    jdy.form(app="应用", name="表", fields={"a": "text"})
    at = [100.0]
    jdy.limiter.clock = lambda: at[0]
    app_id = ask(jdy, "app/list").json()["apps"][0]["app_id"]
    at[0] += 0.6
    codes = [ask(jdy, "app/list").json().get("code") for _ in range(3)]
    assert codes == [None, None, 8304], "one interface's own limit"
    others = [ask(jdy, "app/entry/list", app_id=app_id).json().get("code") for _ in range(3)]
    assert others == [None, None, 8303], "the company's limit"
    at[0] += 0.5
    assert ask(jdy, "app/list").status_code == 200, "the first request has left the window"
    assert ask(jdy, "app/list").json()["code"] == 8303, "the refused ones did not count, the four others do"
