"""The company reads back over HTTP as its truth says, before and after changes; schedules repeat and end well."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from tests.simulator import Simulator
from tests.simulator.clock import Clock
from tests.simulator.company import Company, load_erpnext, load_jiandaoyun, load_odoo, make_truth
from tests.simulator.company_jdy import FormEntity
from tests.simulator.schedule import RANDOM_FAULTS, play, random_schedule

HTTP = httpx.Client(timeout=20)
Row = dict[str, Any]


def jiandaoyun(sim: Simulator) -> Company:
    return load_jiandaoyun(sim.jiandaoyun(api_key="k", per_endpoint=None, total=None), make_truth())


def odoo(sim: Simulator) -> Company:
    return load_odoo(sim.odoo(api_key="k"), make_truth())


def erpnext(sim: Simulator) -> Company:
    return load_erpnext(sim.erpnext(api_key="k", api_secret="s"), make_truth())


LOADS = pytest.mark.parametrize("load", [jiandaoyun, odoo, erpnext])


def read_form(company: Company, entity: str) -> dict[str, Row]:
    """Every row of a form by id, by label again, as far as the plain values go."""
    form = company.entities[entity].source
    found: dict[str, Row] = {}
    asked = {"app_id": form.app_id, "entry_id": form.entry_id, "limit": 100}
    headers = {"Authorization": "Bearer k"}
    while True:
        url = f"{company.system.base_url}/v5/app/entry/data/list"
        page = HTTP.post(url, json={**asked, "data_id": max(found, default="")}, headers=headers).json()["data"]
        if not page:
            return found
        for row in page:
            found[row["_id"]] = {label: row[form.wire_name(label)] for label in form.kinds}


def read_model(company: Company, entity: str) -> dict[int, Row]:
    model = company.entities[entity].source
    body = {"domain": [], "context": {"active_test": False}}
    url = f"{company.system.base_url}/json/2/{model.name}/search_read"
    rows = HTTP.post(url, json=body, headers={"Authorization": "bearer k"}).json()
    return {row["id"]: row for row in rows}


def read_doctype(company: Company, entity: str) -> dict[str, Row]:
    doctype = company.entities[entity].source
    query: dict[str, Any] = {"fields": '["*"]', "limit_page_length": 0}
    query |= {"parent": next(iter(doctype.parents))} if doctype.parents else {}
    url = f"{company.system.base_url}/api/resource/{doctype.name}"
    rows = HTTP.get(url, params=query, headers={"Authorization": "token k:s"}).json()["data"]
    return {row["name"]: row for row in rows}


def assert_reads_as_it_is(company: Company) -> None:
    for name, entity in company.entities.items():
        truth = {row[entity.key]: row for row in company.rows(name)}
        if company.system.name == "jiandaoyun":
            if not isinstance(entity, FormEntity):
                continue
            shown = read_form(company, name)
            assert set(shown) == set(truth)
            for key, row in shown.items():
                assert all(value == truth[key].get(label) for label, value in row.items() if plain(value))
        elif company.system.name == "odoo":
            shown = {key: row for key, row in read_model(company, name).items() if entity.where(unfold(row))}
            assert set(shown) == set(truth)
            assert {k: {f: unfold(row)[f] for f in truth[k]} for k, row in shown.items()} == {
                k: {f: value or None for f, value in row.items()} for k, row in truth.items()
            }
        else:
            assert read_doctype(company, name) == truth


def plain(value: Any) -> bool:
    return isinstance(value, (int, float)) or (isinstance(value, str) and value != "")


def unfold(row: Row) -> Row:
    """many2one as its id; everything empty as None, as false and zero cannot be told from it."""
    return {
        name: (value[0] if isinstance(value, list) and len(value) == 2 and isinstance(value[1], str) else value) or None
        for name, value in row.items()
    }


@LOADS
def test_a_company_reads_back_as_its_truth_says(sim: Simulator, load: Callable[[Simulator], Company]) -> None:
    company = load(sim)
    assert len(company.rows("customer")) == 60
    assert_reads_as_it_is(company)


@LOADS
def test_changes_show_and_are_the_same_for_the_same_seed(
    sim: Simulator, clock: Clock, load: Callable[[Simulator], Company]
) -> None:
    first, second = load(sim), load(Simulator(clock=Clock()))
    rng, again = random.Random(5), random.Random(5)
    changes = [first.mutate(rng) for _ in range(60)]
    assert changes == [second.mutate(again) for _ in range(60)]
    assert first.truth() == second.truth()
    kinds = Counter(change.kind for change in changes)
    assert {"insert", "update", "child", "delete"} <= set(kinds)
    assert_reads_as_it_is(first)


def test_one_truth_in_every_system(sim: Simulator) -> None:
    truth = make_truth(seed=1)
    assert truth == make_truth(seed=1) and truth.orders != make_truth(seed=2).orders
    assert 390 <= sum(len(order["lines"]) for order in truth.orders) <= 440
    by_odoo, by_erpnext, by_jdy = odoo(sim), erpnext(sim), jiandaoyun(sim)
    lines = len(by_odoo.rows("sales_order_line"))
    assert lines == len(by_erpnext.rows("sales_order_line")) == sum(len(order["lines"]) for order in truth.orders)
    amount = sum(row["price_subtotal"] for row in by_odoo.rows("sales_order_line"))
    assert amount == pytest.approx(sum(row["amount"] for row in by_erpnext.rows("sales_order_line")))
    taxed = {row["税号"] for row in by_jdy.rows("customer")} - {None}
    assert taxed == {row["tax_id"] for row in by_erpnext.rows("customer")} - {None} and len(taxed) == 45


def test_a_line_of_a_subform_knows_its_row(sim: Simulator) -> None:
    company = jiandaoyun(sim)
    ids = {row["_id"] for row in company.rows("opportunity")}
    lines = company.rows("opportunity_line")
    assert lines and {line["parent"] for line in lines} <= ids and len({line["_id"] for line in lines}) == len(lines)


def test_schedules_are_repeatable_and_end_settled() -> None:
    for seed in range(100):
        steps = random_schedule(seed)
        assert steps == random_schedule(seed)
        assert [step.do for step in steps[-2:]] == ["clear", "settle"]
    kinds = {step.kind for seed in range(100) for step in random_schedule(seed) if step.do == "fault"}
    assert kinds == set(RANDOM_FAULTS)


@LOADS
def test_a_played_schedule_leaves_the_truth_readable(sim: Simulator, load: Callable[[Simulator], Company]) -> None:
    company = load(sim)
    for step in random_schedule(seed=11, steps=60, kinds=("late_commit", "delete_silently", "skew")):
        play(step, sim, company)
    assert sim.faults.active() == []
    assert_reads_as_it_is(company)
