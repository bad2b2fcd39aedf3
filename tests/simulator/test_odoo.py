"""The simulator against Odoo's documentation of its JSON-2 API."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from tests.simulator import Fault, Simulator
from tests.simulator.clock import Clock
from tests.simulator.odoo import Odoo

HTTP = httpx.Client(timeout=20)


@pytest.fixture
def odoo(sim: Simulator) -> Odoo:
    made = sim.odoo(api_key="6578616d")
    made.model("res.partner", fields={"name": "char", "is_company": "boolean", "active": "boolean", "ref": "char"})
    made.model(
        "sale.order",
        fields={
            "name": "char",
            "partner_id": ("many2one", "res.partner"),
            "date_order": "datetime",
            "amount_total": "monetary",
            "state": ("selection", [("draft", "Quotation"), ("sale", "Sales Order")]),
            "order_line": ("one2many", "sale.order.line", "order_id"),
        },
    )
    line = {"order_id": ("many2one", "sale.order", "cascade"), "name": "text", "product_uom_qty": "float"}
    made.model("sale.order.line", fields=line)
    return made


def call(odoo: Odoo, path: str, key: str = "6578616d", headers: dict[str, str] | None = None, **body: Any) -> Any:
    sent = {"Authorization": f"bearer {key}", **(headers or {})}
    return HTTP.post(f"{odoo.base_url}/json/2/{path}", json=body, headers=sent)


def partner(odoo: Odoo, name: str, **values: Any) -> int:
    return odoo.models["res.partner"].insert({"name": name, "is_company": True, "active": True, **values})


def test_the_documented_example(odoo: Odoo) -> None:
    deco = partner(odoo, "Deco Addict")
    partner(odoo, "Azure Interior")
    told = call(
        odoo,
        "res.partner/search_read",
        context={"lang": "en_US"},
        domain=[["name", "ilike", "%deco%"], ["is_company", "=", True]],
        fields=["name"],
    )
    assert told.status_code == 200 and told.headers["Content-Type"] == "application/json; charset=utf-8"
    assert told.json() == [{"id": deco, "name": "Deco Addict"}]


def test_a_wrong_key_is_told_as_documented(odoo: Odoo) -> None:
    told = call(odoo, "res.partner/search_read", key="wrong", domain=[])
    assert told.status_code == 401
    body = told.json()
    assert body.pop("debug").startswith("Traceback (most recent call last):")
    assert body == {
        "name": "werkzeug.exceptions.Unauthorized",
        "message": "Invalid apikey",
        "arguments": ["Invalid apikey", 401],
        "context": {},
    }


@pytest.mark.parametrize(
    ("path", "body", "status", "name"),
    [
        ("no.model/search_read", {"domain": []}, 404, "werkzeug.exceptions.NotFound"),
        ("res.partner/no_method", {}, 404, "werkzeug.exceptions.NotFound"),
        ("res.partner/search_read", {"badparameter": 1}, 422, "werkzeug.exceptions.UnprocessableEntity"),
        ("res.partner/search_read", {"ids": [1], "domain": []}, 422, "werkzeug.exceptions.UnprocessableEntity"),
        ("res.partner/search_read", {"fields": ["no_field"]}, 500, "builtins.ValueError"),
        ("res.partner/search_read", {"domain": [["no_field", "=", 1]]}, 500, "builtins.ValueError"),
        ("res.partner/create", {"vals_list": [{}]}, 403, "odoo.exceptions.AccessError"),
    ],
)
def test_errors_have_their_statuses(odoo: Odoo, path: str, body: dict[str, Any], status: int, name: str) -> None:
    partner(odoo, "Deco Addict")
    told = call(odoo, path, **body)
    assert (told.status_code, told.json()["name"]) == (status, name)


def test_a_get_is_not_found(odoo: Odoo) -> None:
    told = HTTP.get(f"{odoo.base_url}/json/2/res.partner/search_read")
    assert told.status_code == 404 and "Did you mean POST" in told.json()["message"]


def test_records_look_as_documented(odoo: Odoo, clock: Clock) -> None:
    who = partner(odoo, "Deco Addict")
    orders, lines = odoo.models["sale.order"], odoo.models["sale.order.line"]
    full = orders.insert({"name": "S00001", "partner_id": who, "amount_total": 12.5, "state": "sale"})
    bare = orders.insert({"name": "S00002"})
    made = lines.insert({"order_id": full, "name": "Desk", "product_uom_qty": 2})
    clock.pass_(5)
    orders.update(bare, {"state": "draft"})
    fields = ["name", "partner_id", "date_order", "amount_total", "order_line", "create_date", "write_date"]
    told = call(odoo, "sale.order/search_read", domain=[], fields=fields, order="id").json()
    assert told == [
        {
            "id": full,
            "name": "S00001",
            "partner_id": [who, "Deco Addict"],
            "date_order": False,
            "amount_total": 12.5,
            "order_line": [made],
            "create_date": "2026-03-01 08:00:00",
            "write_date": "2026-03-01 08:00:00",
        },
        {
            "id": bare,
            "name": "S00002",
            "partner_id": False,
            "date_order": False,
            "amount_total": 0.0,
            "order_line": [],
            "create_date": "2026-03-01 08:00:00",
            "write_date": "2026-03-01 08:00:05",
        },
    ]
    assert call(odoo, "sale.order/read", ids=[bare, 99], fields=["name"]).json() == [{"id": bare, "name": "S00002"}]


def test_a_changed_line_does_not_touch_its_order(odoo: Odoo, clock: Clock) -> None:
    order = odoo.models["sale.order"].insert({"name": "S00001"})
    line = odoo.models["sale.order.line"].insert({"order_id": order, "product_uom_qty": 1})
    clock.pass_(60)
    odoo.models["sale.order.line"].update(line, {"product_uom_qty": 3})
    assert odoo.models["sale.order"].rows[0]["write_date"] == "2026-03-01 08:00:00"
    since = [["write_date", ">", "2026-03-01 08:00:00"]]
    assert [r["id"] for r in call(odoo, "sale.order.line/search_read", domain=since).json()] == [line]
    assert call(odoo, "sale.order/search_read", domain=since).json() == []
    through = [["order_id.name", "=", "S00001"]]
    assert call(odoo, "sale.order.line/search_count", domain=through).json() == 1


def test_instants_compare_to_the_second(odoo: Odoo, clock: Clock) -> None:
    """Written at 08:00:00.123, answered as 08:00:00, and a search treats it as that."""
    partner(odoo, "Deco Addict")

    def count(operator: str, value: str) -> int:
        return call(odoo, "res.partner/search_count", domain=[["write_date", operator, value]]).json()

    at = "2026-03-01 08:00:00"
    assert [count(operator, at) for operator in (">", ">=", "<", "<=", "=")] == [0, 1, 0, 1, 1]
    assert [count(operator, "2026-03-01") for operator in (">", ">=", "<", "<=")] == [0, 1, 0, 1]


def test_domains_are_prefix_logic(odoo: Odoo) -> None:
    for name in ("a", "b", "c"):
        partner(odoo, name, ref=name.upper())

    def names(*domain: Any) -> list[str]:
        rows = call(odoo, "res.partner/search_read", domain=list(domain), fields=["name"], order="name desc").json()
        return [row["name"] for row in rows]

    assert names() == ["c", "b", "a"]
    assert names("|", ["name", "=", "a"], ["ref", "=", "C"]) == ["c", "a"]
    assert names("!", ["name", "in", ["a", "b"]]) == ["c"]
    assert names("&", "!", ["name", "=", "a"], ["name", "!=", "b"]) == ["c"]
    assert names(["name", "not in", ["a"]], ["ref", "=like", "_"]) == ["c", "b"]


def test_pages_are_cut_by_limit_and_offset(odoo: Odoo) -> None:
    made = [partner(odoo, f"p{n}") for n in range(7)]
    pages = [
        [row["id"] for row in call(odoo, "res.partner/search_read", fields=["id"], limit=3, offset=offset).json()]
        for offset in (0, 3, 6, 9)
    ]
    assert pages == [made[:3], made[3:6], made[6:], []]


def test_archived_records_hide_unless_asked_for(odoo: Odoo) -> None:
    shown, hidden = partner(odoo, "on"), partner(odoo, "off", active=False)
    assert call(odoo, "res.partner/search", domain=[]).json() == [shown]
    assert call(odoo, "res.partner/search", domain=[], context={"active_test": False}).json() == [shown, hidden]
    assert call(odoo, "res.partner/search", domain=[["active", "in", [True, False]]]).json() == [shown, hidden]


def test_deletes_are_physical_and_take_lines_along(odoo: Odoo) -> None:
    orders, lines = odoo.models["sale.order"], odoo.models["sale.order.line"]
    who = partner(odoo, "Deco Addict")
    order = orders.insert({"name": "S00001", "partner_id": who})
    lines.insert({"order_id": order})
    odoo.models["res.partner"].delete(who)
    assert orders.rows[0]["partner_id"] is None
    orders.delete(order)
    assert orders.rows == lines.rows == []


def test_fields_are_described(odoo: Odoo) -> None:
    told = call(odoo, "sale.order/fields_get", attributes=["type", "string", "relation", "selection"]).json()
    assert told["partner_id"] == {"type": "many2one", "string": "Partner Id", "relation": "res.partner"}
    assert told["state"]["selection"] == [["draft", "Quotation"], ["sale", "Sales Order"]]
    assert told["write_date"]["type"] == "datetime" and told["amount_total"]["type"] == "monetary"
    odoo.models["sale.order"].drop_field("amount_total")
    assert "amount_total" not in call(odoo, "sale.order/fields_get").json()


def test_several_databases_need_the_header(sim: Simulator) -> None:
    odoo = sim.odoo(api_key="6578616d", database="company")
    odoo.model("res.partner", fields={"name": "char"})
    assert call(odoo, "res.partner/search_count", domain=[]).status_code == 404
    told = call(odoo, "res.partner/search_count", headers={"X-Odoo-Database": "company"}, domain=[])
    assert told.json() == 0


def test_faults_aim_at_models_and_refuse_in_odoos_words(sim: Simulator, odoo: Odoo) -> None:
    partner(odoo, "Deco Addict")
    sim.fault(Fault("quota", match="sale.order/", times=1, retry_after=3))
    assert call(odoo, "res.partner/search_count", domain=[]).status_code == 200
    told = call(odoo, "sale.order/search_read", domain=[])
    assert (told.status_code, told.headers["Retry-After"]) == (429, "3")
    assert told.json()["name"] == "werkzeug.exceptions.TooManyRequests"
    sim.fault(Fault("unauthorized", times=1))
    assert call(odoo, "res.partner/search_count", domain=[]).json()["message"] == "Invalid apikey"
    sim.fault(Fault("endless_pages", times=2))
    keys = [row["id"] for row in call(odoo, "res.partner/search_read", limit=3, order="id").json()]
    assert len(keys) == 3 and keys == sorted(set(keys))


def test_a_late_commit_has_the_older_write_date(sim: Simulator, odoo: Odoo, clock: Clock) -> None:
    sim.fault(Fault("late_commit", match="res.partner", times=1, requests=1))
    late = partner(odoo, "began first, committed last")
    clock.pass_(30)
    prompt = partner(odoo, "began last")
    assert call(odoo, "res.partner/search", domain=[]).json() == [prompt]
    assert call(odoo, "res.partner/search", domain=[], order="write_date, id").json() == [late, prompt]
