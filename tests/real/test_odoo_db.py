"""Odoo's tables and Odoo's API, filled with one company: both profiles make the same core tables of it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from data_access.connectors.profile import load_profile
from data_access.connectors.sql import SqlConnector
from tests.real.company import make_company
from tests.real.conftest import FIXTURES
from tests.real.servers import Postgres
from tests.simulator import Simulator
from tests.simulator.company import load_odoo, make_truth
from tests.simulator.odoo_model import USER

pytestmark = pytest.mark.real
KEY = "odoo-secret-1"
TABLES = (
    "customer", "contact", "product", "warehouse", "sales_order_line", "stock_move", "purchase_order_line",
    "production_order", "bom_line", "invoice", "opportunity",
)  # fmt: skip


def rows_of(models: dict[str, Any]) -> dict[str, list[dict[str, Any]]]:
    """The simulator's records as Odoo's tables keep them."""
    found = {name.replace(".", "_"): model.rows for name, model in models.items()}
    names = {row["id"]: row for row in found["product_product"]}
    found["product_template"] = [
        {**row, "name": json.dumps({"en_US": row["name"]}), "id": row["id"]} for row in names.values()
    ]
    found["product_product"] = [
        {**row, "product_tmpl_id": row["id"], "standard_price": json.dumps({"1": row["standard_price"]})}
        for row in names.values()
    ]
    found["mrp_bom"] = [{**row, "product_tmpl_id": row["product_id"], "active": True} for row in found["mrp_bom"]]
    found["product_category"] = [{**row, "complete_name": row["name"]} for row in found["product_category"]]
    for table in ("res_country", "uom_uom", "crm_stage"):
        found[table] = [{**row, "name": json.dumps({"en_US": row["name"]})} for row in found[table]]
    users = found["res_users"]
    called = {user["id"]: USER["name"] if user["id"] == USER["id"] else user["name"] for user in users}
    found["res_partner"] += [{"id": 9000 + number, "name": name, "active": True} for number, name in called.items()]
    found["res_users"] = [{**user, "partner_id": 9000 + user["id"]} for user in users]
    found["account_move"] = [{**row, "company_id": 1} for row in found["account_move"]]
    currency = found["res_currency"][0]["id"]
    return found | {"res_company": [{"id": 1, "name": "Kaichuan Motion", "currency_id": currency}]}


def fill(postgres: Postgres, database: str, tables: dict[str, list[dict[str, Any]]]) -> None:
    import psycopg

    query = "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'public'"
    columns: dict[str, set[str]] = {}
    for table, column in postgres.sql(database, query):
        columns.setdefault(table, set()).add(column)
    with psycopg.connect(postgres.address(database, "postgres")) as connection:
        for table in columns.keys() & tables.keys():
            for row in tables[table]:
                kept = {name: value for name, value in row.items() if name in columns[table]}
                marks = ", ".join(f"%({name})s" for name in kept)
                connection.execute(f"INSERT INTO {table} ({', '.join(kept)}) VALUES ({marks})".encode(), kept)


def test_both_profiles_make_the_same_of_one_company(
    postgres: Postgres, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ODOO_KEY", KEY)
    database = postgres.create("odoo_small")
    postgres.load(database, (FIXTURES / "odoo.sql").read_text(encoding="utf-8"))
    with Simulator() as sim:
        odoo = sim.odoo(api_key=KEY)
        load_odoo(odoo, make_truth())
        fill(postgres, database, rows_of(odoo.models))
        connector = SqlConnector(load_profile("odoo_db"), postgres.url(database, "postgres"))
        assert connector.verify() == []
        connector.close()
        by_sql = {"name": "it", "role": "erp", "system": "odoo_db", "url": postgres.url(database, "postgres")}
        by_api = {"name": "it", "role": "erp", "system": "odoo", "base_url": odoo.base_url, "api_key": "${ODOO_KEY}"}
        companies = []
        for number, source in enumerate((by_sql, by_api)):
            (tmp_path / str(number)).mkdir()
            company = make_company(tmp_path / str(number), source, currency="CNY")
            report = company.sync()
            assert (report.status, report.errors) == ("published", [])
            companies.append(company)
        for table in TABLES:
            first, second = (company.read(f"FROM core.{table} ORDER BY ALL") for company in companies)
            assert first and first == second, table
        lines = companies[0].value("SELECT sum(amount) FROM core.sales_order_line WHERE status <> 'cancelled'")
        true = sum(
            row["price_subtotal"]
            for row in odoo.models["sale.order.line"].rows
            if {order["id"]: order["state"] for order in odoo.models["sale.order"].rows}[row["order_id"]] != "cancel"
        )
        assert float(lines) == pytest.approx(true, abs=0.005)
