"""Jiandaoyun's forms and fields by their names; subforms and people; what its undocumented filter may do."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from data_access.connectors.profile import load_profile
from data_access.connectors.rest.account import Account
from data_access.connectors.rest.connector import RestConnector
from data_access.connectors.rest.limits import Pacer
from data_access.errors import SourceError
from tests.simulator import Fault, Simulator
from tests.simulator.company import load_jiandaoyun, make_truth
from tests.simulator.company_jdy import APP, FORMS
from tests.simulator.jiandaoyun import Jiandaoyun

KEY = "jdy-secret-1"


@pytest.fixture
def now() -> list[datetime]:
    return [datetime(2026, 3, 1, 8, 0, 0, 123000, UTC)]


@pytest.fixture
def sim(now: list[datetime]) -> Iterator[Simulator]:
    with Simulator(clock=lambda: now[0]) as running:
        yield running


def opened(jdy: Jiandaoyun, **settings: str) -> RestConnector:
    account = Account(Pacer((), sleep=lambda seconds: None))
    return RestConnector(
        load_profile("jiandaoyun"), jdy.base_url, {"api_key": KEY, "app": APP, **settings}, account=account
    )


def rows(connector: RestConnector, stream: str, since: datetime | None = None, until: datetime | None = None) -> list:
    return [row for page in connector.read(stream, since, until) for row in page.to_pylist()]


def test_subforms_people_addresses_and_aliases_come_by_their_labels(sim: Simulator) -> None:
    jdy = sim.jiandaoyun(api_key=KEY, per_endpoint=None, total=None)
    company = load_jiandaoyun(jdy, make_truth())
    connector = opened(jdy)
    truth = {row["_id"]: row for row in company.rows("customer")}
    for row in rows(connector, "customer"):
        true = truth[row["id"]]
        assert row["owner"] == true["负责人"]["name"] and row["phone"] == true["电话"]["phone"]
        assert (row["province"], row["city"]) == (true["地区"]["province"], true["地区"]["city"])
    deals = {row["_id"]: row for row in company.rows("opportunity")}
    for row in rows(connector, "opportunity"):
        lines = json.loads(row["lines"])
        assert [(line["_id"], line["产品编号"], float(line["金额"])) for line in lines] == [
            (line["_id"], line["产品编号"], line["金额"]) for line in deals[row["id"]]["商机明细"]
        ]
        assert row["_cursor"] == deals[row["id"]]["updateTime"]


@pytest.mark.parametrize("change, expected", [
    ({"app": "客户关系"}, 'no app "客户关系".*did you mean "客户关系管理"'),
    ({"form_customer": "客户表"}, 'no form "客户表"'),
])  # fmt: skip
def test_a_missing_name_is_told_with_what_comes_near(sim: Simulator, change: dict[str, str], expected: str) -> None:
    jdy = sim.jiandaoyun(api_key=KEY)
    load_jiandaoyun(jdy, make_truth())
    with pytest.raises(SourceError) as caught:
        rows(opened(jdy, **change), "customer")
    assert re.search(expected, caught.value.line()), caught.value.line()


def test_a_missing_field_is_told_with_what_comes_near(sim: Simulator) -> None:
    jdy = sim.jiandaoyun(api_key=KEY)
    fields = {("客户名字" if label == "客户名称" else label): kind for label, kind in FORMS["customer"][1].items()}
    jdy.form(APP, "客户", fields)
    with pytest.raises(SourceError, match='form "客户" has no field "客户名称"') as caught:
        rows(opened(jdy), "customer")
    assert '"客户名字"' in caught.value.hint and not caught.value.transient


def test_two_forms_of_one_name_are_refused_with_both_ids(sim: Simulator) -> None:
    jdy = sim.jiandaoyun(api_key=KEY)
    first, second = (jdy.form(APP, "客户", FORMS["customer"][1]) for _ in range(2))
    with pytest.raises(SourceError) as caught:
        rows(opened(jdy), "customer")
    assert first.entry_id in caught.value.message and second.entry_id in caught.value.message
    assert rows(opened(jdy, form_customer=second.entry_id), "customer") == []


def test_the_only_app_needs_no_name_of_several_one_must_be_named(sim: Simulator) -> None:
    jdy = sim.jiandaoyun(api_key=KEY)
    company = load_jiandaoyun(jdy, make_truth())
    assert len(rows(opened(jdy, app=""), "customer")) == len(company.rows("customer"))
    jdy.form("人事", "员工", {"姓名": "text"})
    with pytest.raises(SourceError, match=f"2 apps: {APP}, 人事") as caught:
        rows(opened(jdy, app=""), "customer")
    assert "app = " in caught.value.hint


@pytest.mark.parametrize("behaviour, calls", [("honoured", 1), ("ignored", 45), ("refused", 45)])
def test_a_change_arrives_whatever_the_filter_does(
    sim: Simulator, now: list[datetime], behaviour: str, calls: int
) -> None:
    """Honoured: the changed row alone. Ignored or refused: the form is read whole, and the row is among them."""
    jdy = sim.jiandaoyun(api_key=KEY, per_endpoint=None, total=None, update_time_filter=behaviour)
    company = load_jiandaoyun(jdy, make_truth())
    since = now[0] + timedelta(minutes=5)
    now[0] += timedelta(hours=1)
    form = company.entities["opportunity"].source
    changed = form.rows[7]["_id"]
    form.update(changed, {"阶段": "赢单"})
    connector = opened(jdy)
    found = rows(connector, "opportunity", since, now[0])
    assert len(found) == calls and {row["id"]: row["stage"] for row in found}[changed] == "赢单"
    assert len(rows(connector, "opportunity", since, now[0])) == calls


def test_few_missing_rows_are_fetched_one_by_one_many_by_a_whole_read(sim: Simulator) -> None:
    jdy = sim.jiandaoyun(api_key=KEY, per_endpoint=None, total=None)
    company = load_jiandaoyun(jdy, make_truth())
    connector = opened(jdy)
    ids = [row["_id"] for row in company.rows("activity")]
    keys = [key for page in connector.read_keys("activity") for key in page.column("id").to_pylist()]
    assert keys == ids
    for wanted in (ids[:1], ids[::2], ["0" * 24]):
        sim.requests.clear()
        found = [
            row["id"]
            for page in connector.read_by_keys("activity", [(one,) for one in wanted])
            for row in page.to_pylist()
        ]
        assert found == [one for one in wanted if one in ids]
        gets = [seen for seen in sim.requests if seen.path.endswith("data/get")]
        assert len(gets) == (1 if len(wanted) == 1 else 0)


def test_a_bad_key_is_a_matter_of_credentials(sim: Simulator) -> None:
    jdy = sim.jiandaoyun(api_key="another-key")
    with pytest.raises(SourceError, match="8301.*refuses the credentials"):
        opened(jdy).check()
    assert len(sim.requests) == 1


def test_a_limit_met_all_the_same_is_waited_for(sim: Simulator) -> None:
    jdy = sim.jiandaoyun(api_key=KEY, per_endpoint=None, total=None)
    company = load_jiandaoyun(jdy, make_truth())
    sim.fault(Fault("quota", match="data/list", times=3))
    assert len(rows(opened(jdy), "activity")) == len(company.rows("activity"))
