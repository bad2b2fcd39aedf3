"""Templates and shipped profiles are made from the canonical entities, and work as they are."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import openpyxl
import pytest

from data_access.config import load_config
from data_access.connectors.canonical import entities
from data_access.connectors.profile import PROFILES, canonical_entities, load_profile
from data_access.doctor import examine
from data_access.template import KINDS, write
from data_access.template.profiles import files_profile, rest_profile, sql_profile
from tests.real.company import RealCompany, make_company
from tests.simulator import Simulator


def test_every_entity_and_field_has_its_meaning():
    found = {entity.name: {field.name: field for field in entity.fields} for entity in entities()}
    truth = canonical_entities()
    assert {name: list(fields) for name, fields in found.items()} == {name: list(of) for name, of in truth.items()}
    assert [e.name for e in entities() if not e.doc] == []
    assert [(e.name, f.name) for e in entities() for f in e.fields if not f.doc] == []
    needed = {(name, field) for name, of in truth.items() for field, kind in of.items() if kind.endswith("!")}
    assert {(e.name, f.name) for e in entities() for f in e.fields if f.required} == needed


@pytest.mark.parametrize("kind", ["csv", "excel"])
def test_shipped_profiles_are_the_template(kind):
    assert (PROFILES / f"{kind}.toml").read_text(encoding="utf-8") == files_profile(kind)


@pytest.mark.parametrize("made", [sql_profile, rest_profile])
def test_a_template_with_all_its_blocks(tmp_path, made):
    """Taken out of their comments, all blocks are a valid profile of every entity and field."""
    head, first, blocks = made().partition("[stream.customer]")
    text = head + first + re.sub(r"^# (?=# |\[|\w+ = )", "", blocks, flags=re.M)
    (tmp_path / "all.toml").write_text(text, encoding="utf-8")
    profile = load_profile(str(tmp_path / "all.toml"))
    truth = canonical_entities()
    assert {name: list(blocks[0].fields) for name, blocks in profile.entity.items()} == {
        n: list(of) for n, of in truth.items()
    }


@pytest.mark.parametrize("kind", KINDS)
def test_a_template_says_every_field(tmp_path, kind):
    write(tmp_path, kind)
    text = (tmp_path / "my_system.toml").read_text(encoding="utf-8")
    for entity in entities():
        for field in entity.fields:
            assert re.search(rf"{field.name} = .*# {re.escape(field.doc)}$", text, re.M), (entity.name, field.name)


ORDERS = [("O1", "L1", "2026-10-05", "C1", "P1", "2", "10.50", "EUR", "open"),
          ("O1", "L2", "2026-10-05", "C1", "P1", "1", "9", "EUR", "Weird"),
          ("O2", "L1", "2026-10-06", "C1", "P1", "1", "9", "EUR", "done")]  # fmt: skip
HEAD = (
    "order_id",
    "line_id",
    "order_date",
    "customer_id",
    "product_id",
    "quantity",
    "unit_price",
    "currency",
    "status",
)


def company(folder: Path, kind: str) -> RealCompany:
    """Files with some of the canonical columns, beside a CRM of the same kind."""
    (folder / "erp").mkdir()
    (folder / "crm").mkdir()
    sheets = {
        "erp": {"customers": [("customer_id", "name"), ("C1", "Alpha GmbH")], "sales_order_lines": [HEAD, *ORDERS],
                "products": [("name", "product_id"), ("Bike", "P1")],
                "bom_lines": [("product_id", "component_id", "quantity_per"), ("P1", "P2", "2")]},
        "crm": {"customers": [("customer_id", "name"), ("17", "Alpha GmbH")],
                "opportunities": [("opportunity_id", "stage"), ("D1", "Won")]},
    }  # fmt: skip
    for source, of in sheets.items():
        book = openpyxl.Workbook()
        for name, rows in of.items():
            if kind == "csv":
                with open(folder / source / f"{name}.csv", "w", newline="", encoding="utf-8") as file:
                    csv.writer(file).writerows(rows)
            else:
                page = book.create_sheet(name)
                for row in rows:
                    page.append([float(cell) if re.fullmatch(r"\d+\.\d+", cell) else cell for cell in row])
        if kind == "excel":
            book.save(folder / source / "book.xlsx")
    sources = ({"name": role, "role": role, "system": kind, "folder": role} for role in ("erp", "crm"))
    return make_company(folder, *sources)


@pytest.mark.parametrize("kind", ["csv", "excel"])
def test_files_with_the_canonical_names_need_no_profile(tmp_path, kind):
    made = company(tmp_path, kind)
    findings = [finding.line() for finding in examine(made.config.path, lambda _: None)]
    assert not [line for line in findings if line.startswith("ERROR")]
    assert any("not there, so empty: warehouses" in line for line in findings)
    report = made.sync()
    assert (report.status, report.errors, report.rejected) == ("published", [], 1), "a line's id is there twice"
    lines = (
        "SELECT order_id, line_id, amount_base::DOUBLE, status FROM core.sales_order_line ORDER BY line_id, order_id"
    )
    found = made.read(lines)
    assert [row[1] for row in found] == ["erp:L1", "erp:L2"] and found[1][2:] == (9.0, None)
    assert made.read("SELECT valid_from, quantity_per::INT FROM core.bom_line") == [(None, 2)]
    assert made.read("SELECT stage FROM core.opportunity WHERE source = 'crm'") == [("won",)]
    told = made.read("SELECT title || sample FROM ops.quality_result WHERE kind = 'mapping' AND NOT passed")
    assert any("Weird" in doc or "weird" in doc for (doc,) in told), told
    assert sum(stream.counts.read for stream in made.sync().streams) == 0


FILLED = {
    "<name of the header>": "Authorization",
    "{api_key}": "token {api_key}",
    "<path of any quick request, like v1/me>": "api/method/frappe.auth.get_logged_user",
    "<path of a list, like v1/{table}>": "api/resource/{table}",
    "<path of the rows in an answer, like data>": "data",
    "<parameter: how many rows>": "limit_page_length",
    "<parameter: only rows after this one>": "limit_start",
    "{after}": "{offset}",
}
# What the simulated system calls them; of all others there is nothing.
CUSTOMER = {"customer_id": "name", "name": "customer_name", "tax_id": "tax_id", "owner": "account_manager"}


def filled(text: str) -> str:
    """The template as a person fills it in for a system with a key in a header and counted pages."""
    for kind, wanted in (("auth", "key"), ("paging", "offset")):
        text = re.sub(rf"^{kind} = .*\n", "", text, flags=re.M)
        text = re.sub(rf'^# (?={kind} = {{ kind = "{wanted}")', "", text, flags=re.M)
    for placeholder, value in FILLED.items():
        assert placeholder in text, placeholder
        text = text.replace(placeholder, value)
    text = text.replace("\n[rest.list.query]", '\n[rest.list.query]\nfields = "{fields}"\norder_by = "name asc"')
    text = text.replace('table = "customers"', 'table = "Customer"')
    head, _, block = text.partition("[stream.customer]")
    block, _, rest = block.partition("\n\n")
    lines = []
    for line in block.splitlines():
        field = line.partition(" = ")[0]
        if field in ("table", "key", "from") or field in CUSTOMER or line.startswith("["):
            lines.append(re.sub(r'from = "\w+" }', f'from = "{CUSTOMER.get(field)}" }}', line))
    return f"{head}[stream.customer]\n" + "\n".join(lines) + f"\n\n{rest}"


def test_the_rest_template_filled_in_reads_a_system(tmp_path, monkeypatch):
    monkeypatch.setenv("ERP_API_KEY", "k:s")
    config, profile = write(tmp_path, "rest")
    text = filled(profile.read_text(encoding="utf-8"))
    assert not re.search(r"^[^#\n]*<", text, re.M), "nothing is left to fill in"
    profile.write_text(text, encoding="utf-8")
    with Simulator() as simulator:
        system = simulator.erpnext("k", "s")
        fields = {field: "Data" for field in CUSTOMER.values() if field != "name"}
        customers = system.doctype("Customer", fields, series="CUST-.#####")
        for number in range(250):  # three pages
            customers.insert(
                {"customer_name": f"Company {number}", "tax_id": f"DE{number:09d}", "account_manager": "Ann"}
            )
        text = config.read_text(encoding="utf-8").replace("https://erp.example.com", simulator.url)
        config.write_text(text, encoding="utf-8")
        findings = [finding.line() for finding in examine(config, lambda _: None)]
        assert not [line for line in findings if line.startswith("ERROR")], findings
        made = RealCompany(load_config(config))
        report = made.sync()
        assert (report.status, report.errors) == ("published", [])
        found = made.read("SELECT name, tax_id FROM core.customer")
        assert sorted(found) == sorted((f"Company {number}", f"DE{number:09d}") for number in range(250))
