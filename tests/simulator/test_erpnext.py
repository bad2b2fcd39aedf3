"""The simulator against the documentation of Frappe's REST API."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from tests.simulator import Fault, Simulator
from tests.simulator.clock import Clock
from tests.simulator.erpnext import ERPNext

HTTP = httpx.Client(timeout=20)


@pytest.fixture
def erp(sim: Simulator) -> ERPNext:
    made = sim.erpnext(api_key="k", api_secret="s", time_zone="Asia/Shanghai")
    made.doctype("Customer", {"customer_name": "Data", "territory": "Link"}, name_field="customer_name")
    made.doctype("Sales Order Item", {"item_code": "Link", "qty": "Float", "rate": "Currency"})
    fields = {
        "customer": "Link",
        "transaction_date": "Date",
        "status": "Select",
        "items": ("Table", "Sales Order Item"),
    }
    made.doctype("Sales Order", fields, series="SAL-ORD-2026-")
    return made


def get(erp: ERPNext, path: str, token: str = "k:s", **query: Any) -> httpx.Response:
    sent = {name: value if isinstance(value, (str, int)) else json.dumps(value) for name, value in query.items()}
    return HTTP.get(f"{erp.base_url}/api/{path}", params=sent, headers={"Authorization": f"token {token}"})


def data(erp: ERPNext, doctype: str, **query: Any) -> Any:
    told = get(erp, f"resource/{doctype}", **query)
    assert told.status_code == 200, told.text
    return told.json()["data"]


def order(erp: ERPNext, customer: str = "甲", *quantities: float) -> str:
    items = [{"item_code": f"P{n}", "qty": quantity, "rate": 2.5} for n, quantity in enumerate(quantities)]
    return erp.doctypes["Sales Order"].insert({"customer": customer, "status": "Draft", "items": items})


def test_twenty_names_newest_first_unless_asked(erp: ERPNext, clock: Clock) -> None:
    for number in range(25):
        erp.doctypes["Customer"].insert({"customer_name": f"C{number:02d}"})
        clock.pass_(1)
    told = data(erp, "Customer")
    assert told == [{"name": f"C{number:02d}"} for number in range(24, 4, -1)]
    assert [row["name"] for row in data(erp, "Customer", limit_start=20)] == ["C04", "C03", "C02", "C01", "C00"]
    assert len(data(erp, "Customer", limit_page_length=0)) == 25
    assert len(data(erp, "Customer", limit=5)) == 5


def test_fields_and_site_time(erp: ERPNext, clock: Clock) -> None:
    erp.doctypes["Customer"].insert({"customer_name": "甲", "territory": "China"})
    clock.now = datetime(2026, 3, 1, 9, 0, 0, 0, UTC)
    erp.doctypes["Customer"].update("甲", {"territory": "Asia"})
    (row,) = data(erp, "Customer", fields=["name", "territory", "creation", "modified"])
    assert row == {
        "name": "甲",
        "territory": "Asia",
        "creation": "2026-03-01 16:00:00.123000",
        "modified": "2026-03-01 17:00:00",
    }
    assert set(data(erp, "Customer", fields=["*"])[0]) >= {"name", "owner", "docstatus", "idx", "customer_name"}
    assert get(erp, "method/frappe.client.get_time_zone").json() == {"message": {"time_zone": "Asia/Shanghai"}}


def test_the_hour_that_comes_twice_is_written_twice(sim: Simulator, clock: Clock) -> None:
    erp = sim.erpnext(api_key="k", api_secret="s", time_zone="Europe/Berlin")
    erp.doctype("Customer", {"customer_name": "Data"}, name_field="customer_name")
    for hour in (0, 1):
        clock.now = datetime(2026, 10, 25, hour, 30, tzinfo=UTC)
        erp.doctypes["Customer"].insert({"customer_name": f"C{hour}"})
    assert {row["modified"] for row in data(erp, "Customer", fields=["modified"])} == {"2026-10-25 02:30:00"}


@pytest.mark.parametrize(
    ("filters", "names"),
    [
        ([["territory", "=", "china"]], ["a"]),
        ([["Customer", "territory", "!=", "China"]], ["b", "c"]),
        ({"territory": "Asia"}, ["b"]),
        ({"territory": ["like", "%i%"]}, ["a", "b"]),
        ([["name", "in", ["a", "c"]]], ["a", "c"]),
        ([["name", "in", "a,c"]], ["a", "c"]),
        ([["territory", "is", "not set"]], ["c"]),
        ([["territory", "is", "set"], ["name", ">", "a"]], ["b"]),
        ([["modified", ">", "2026-03-01 16:00:00.123"]], ["b", "c"]),
        ([["modified", ">=", "2026-03-01 16:00:00.123"]], ["a", "b", "c"]),
        ([["modified", "between", ["2026-03-01 16:00:30", "2026-03-01 16:01:00.123"]]], ["b"]),
        ([["creation", "between", ["2026-03-01", "2026-03-01"]]], ["a", "b", "c"]),
        ([["modified", "<", "2026-03-01"]], []),
    ],
)
def test_filters(erp: ERPNext, clock: Clock, filters: Any, names: list[str]) -> None:
    for name, territory in (("a", "China"), ("b", "Asia"), ("c", None)):
        erp.doctypes["Customer"].insert({"customer_name": name, "territory": territory})
        clock.pass_(60)
    assert [row["name"] for row in data(erp, "Customer", filters=filters, order_by="modified asc, name asc")] == names
    count = get(erp, "method/frappe.client.get_count", doctype="Customer", filters=filters).json()
    assert count == {"message": len(names)}


def test_or_filters_and_quoted_sorting(erp: ERPNext) -> None:
    for name in ("a", "b", "c"):
        erp.doctypes["Customer"].insert({"customer_name": name})
    either = [["name", "=", "a"], ["name", "=", "c"]]
    told = data(erp, "Customer", or_filters=either, order_by="`tabCustomer`.`name` desc")
    assert [row["name"] for row in told] == ["c", "a"]


def test_a_document_comes_with_its_children(erp: ERPNext) -> None:
    name = order(erp, "甲", 1, 2)
    assert name == "SAL-ORD-2026-00001"
    told = get(erp, f"resource/Sales Order/{name}").json()["data"]
    assert told["doctype"] == "Sales Order" and told["customer"] == "甲" and told["docstatus"] == 0
    assert [(line["idx"], line["qty"], line["parent"], line["doctype"]) for line in told["items"]] == [
        (1, 1, name, "Sales Order Item"),
        (2, 2, name, "Sales Order Item"),
    ]


def test_child_rows_are_listed_with_their_parents_doctype(erp: ERPNext) -> None:
    name = order(erp, "甲", 1, 2)
    fields = ["name", "parent", "parenttype", "parentfield", "idx", "qty"]
    refused = get(erp, "resource/Sales Order Item", fields=fields)
    assert (refused.status_code, refused.json()["exc_type"]) == (403, "PermissionError")
    assert get(erp, "resource/Sales Order Item", fields=fields, parent="Customer").status_code == 403
    rows = data(erp, "Sales Order Item", fields=fields, parent="Sales Order", order_by="idx asc")
    assert [(row["parent"], row["parenttype"], row["parentfield"], row["idx"], row["qty"]) for row in rows] == [
        (name, "Sales Order", "items", 1, 1),
        (name, "Sales Order", "items", 2, 2),
    ]


def test_a_save_stamps_all_children_and_set_value_one_row(erp: ERPNext, clock: Clock) -> None:
    name = order(erp, "甲", 1, 2)
    lines = erp.doctypes["Sales Order Item"]
    first, second = lines.rows
    clock.pass_(60)
    erp.doctypes["Sales Order"].update(name, {"status": "To Deliver"})
    assert {row["modified"] for row in lines.rows} == {erp.doctypes["Sales Order"].rows[0]["modified"]}
    assert erp.doctypes["Sales Order"].rows[0]["modified"] == "2026-03-01 16:01:00.123000"
    clock.pass_(60)
    lines.set_value(first["name"], {"qty": 5})
    lines.set_value(second["name"], {"qty": 7}, update_modified=False)
    shown = {row["name"]: (row["qty"], row["modified"][14:19]) for row in lines.rows}
    assert shown == {first["name"]: (5, "02:00"), second["name"]: (7, "01:00")}
    assert erp.doctypes["Sales Order"].rows[0]["modified"][14:19] == "01:00"
    erp.doctypes["Sales Order"].update(name, {"items": [{"name": second["name"], "qty": 8}, {"item_code": "P9"}]})
    kept, new = lines.rows
    assert (kept["name"], kept["qty"], kept["item_code"], kept["idx"]) == (second["name"], 8, "P1", 1)
    assert new["item_code"] == "P9" and new["idx"] == 2


def test_a_delete_leaves_a_deleted_document(sim: Simulator, erp: ERPNext) -> None:
    name, silent = order(erp, "甲", 1), order(erp, "乙", 1)
    erp.doctypes["Sales Order"].delete(name)
    fields = ["deleted_name", "deleted_doctype", "data", "restored"]
    (told,) = data(erp, "Deleted Document", fields=fields)
    assert (told["deleted_name"], told["deleted_doctype"], told["restored"]) == (name, "Sales Order", 0)
    assert json.loads(told["data"])["items"][0]["item_code"] == "P0"
    assert get(erp, f"resource/Sales Order/{name}").status_code == 404
    sim.fault(Fault("delete_silently", match="Sales Order", times=1))
    erp.doctypes["Sales Order"].delete(silent)
    assert len(data(erp, "Deleted Document")) == 1 and erp.doctypes["Sales Order Item"].rows == []


@pytest.mark.parametrize(
    ("path", "query", "status", "kind"),
    [
        ("resource/Nothing", {}, 404, "DoesNotExistError"),
        ("resource/Customer/Nobody", {}, 404, "DoesNotExistError"),
        ("method/frappe.no.such", {}, 404, "DoesNotExistError"),
        ("resource/Customer", {"fields": ["no_field"]}, 417, "DataError"),
        ("resource/Customer", {"filters": [["no_field", "=", 1]]}, 417, "DataError"),
        ("resource/Customer", {"filters": [["name", "near", 1]]}, 417, "DataError"),
    ],
)
def test_errors_name_their_exception(erp: ERPNext, path: str, query: dict[str, Any], status: int, kind: str) -> None:
    told = get(erp, path, **query)
    assert (told.status_code, told.json()["exc_type"]) == (status, kind)
    assert isinstance(json.loads(told.json()["exc"]), list)


def test_keys_are_checked_and_writes_refused(erp: ERPNext) -> None:
    assert get(erp, "resource/Customer", token="k:wrong").json()["exc_type"] == "AuthenticationError"
    assert HTTP.get(f"{erp.base_url}/api/resource/Customer").status_code == 403
    told = HTTP.post(f"{erp.base_url}/api/resource/Customer", json={}, headers={"Authorization": "token k:s"})
    assert told.status_code == 403 and erp.doctypes["Customer"].rows == []


def test_a_field_that_is_gone_is_refused_or_left_out(erp: ERPNext) -> None:
    erp.doctypes["Customer"].insert({"customer_name": "甲"})
    erp.doctypes["Customer"].drop_field("territory")
    assert get(erp, "resource/Customer", fields=["name", "territory"]).status_code == 417
    erp.unknown_fields = "dropped"
    assert data(erp, "Customer", fields=["name", "territory"]) == [{"name": "甲"}]


def test_the_rate_limit_says_when_it_ends(sim: Simulator, erp: ERPNext) -> None:
    sim.fault(Fault("quota", match="Sales Order", times=1, retry_after=30))
    assert get(erp, "resource/Customer").status_code == 200
    told = get(erp, "resource/Sales Order")
    assert told.status_code == 429 and told.json()["exc_type"] == "TooManyRequestsError"
    assert told.headers["Retry-After"] == told.headers["X-RateLimit-Reset"] == "30"


def test_a_late_commit_has_the_older_time(sim: Simulator, erp: ERPNext, clock: Clock) -> None:
    sim.fault(Fault("late_commit", match="Customer", times=1, requests=1))
    erp.doctypes["Customer"].insert({"customer_name": "began first"})
    clock.pass_(30)
    erp.doctypes["Customer"].insert({"customer_name": "began last"})
    assert [row["name"] for row in data(erp, "Customer")] == ["began last"]
    assert [row["name"] for row in data(erp, "Customer", order_by="modified asc")] == ["began first", "began last"]
