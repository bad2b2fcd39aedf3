"""What people decide holds: through later runs, full reloads, rollbacks and records that come and go."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from data_access.config import load_config
from data_access.errors import QueryError
from data_access.identity_decisions import SourceRecord, confirm, decisions, in_force, reject, split, undo
from data_access.state import State
from data_access.sync.publish import rollback
from data_access.sync.schedule import watch
from data_access.versions import read_pointer
from tests.data_access.identity.twosystems import STEPS, TwoSystems, make

A, B = SourceRecord("crm", "a"), SourceRecord("crm", "b")
ONE, TWO = SourceRecord("erp", "1"), SourceRecord("erp", "2")


@pytest.fixture
def company(tmp_path: Path) -> Iterator[TwoSystems]:
    """a is linked to 1 by domain and name; b is nobody's."""
    made = make(tmp_path)
    made.put("erp", "1", "Acme GmbH", email="x@acme.de", city="Hamburg")
    made.put("erp", "2", "Zeta GmbH", city="Kiel")
    made.put("crm", "a", "Acme", email="y@acme.de", city="Hamburg")
    made.put("crm", "b", "Something else", city="Bonn")
    made.sync()
    yield made
    for each in made.db.values():
        each.close()


def test_confirmed_is_joined_until_undone(company: TwoSystems) -> None:
    assert company.links()["crm:b"] == ("crm:b", "self", "auto")
    made = confirm(company.state, B, TWO, "eva", "they moved")
    assert company.sync().status == "published"
    assert company.links()["crm:b"] == ("erp:2", "manual", "confirmed")
    ((who, note, status),) = company.read("SELECT decided_by, note, status FROM core.identity_decision")
    assert (who, note, status) == ("eva", "they moved", "applied")
    assert company.sync().status == "nothing_new"
    undo(company.state, made.id, "max")
    company.sync()
    assert company.links()["crm:b"] == ("crm:b", "self", "auto")
    assert [one.kind for one in decisions(company.state)] == ["undo", "confirm"] and in_force(company.state) == []


def test_rejected_stays_apart_through_runs_and_reloads(company: TwoSystems) -> None:
    assert company.links()["crm:a"] == ("erp:1", "domain_name", "auto")
    made = reject(company.state, A, ONE, "eva")
    for full in (False, True):
        company.put("crm", "b", f"Something else {full}")
        company.sync(full=full)
        assert company.links()["crm:a"] == ("crm:a", "self", "rejected")
    undo(company.state, made.id, "eva")
    company.sync()
    assert company.links()["crm:a"] == ("erp:1", "domain_name", "auto")


def test_split_stands_alone_whatever_comes(company: TwoSystems) -> None:
    split(company.state, A, "eva")
    company.put("erp", "3", "Acme GmbH", email="z@acme.de", city="Hamburg")
    company.sync()
    assert company.links()["crm:a"] == ("crm:a", "self", "rejected")
    assert company.links()["erp:3"][0] == "erp:1"


def test_of_two_that_contradict_the_later_holds(company: TwoSystems) -> None:
    confirm(company.state, B, ONE, "eva")
    reject(company.state, A, B, "max")
    company.sync()
    found = company.links()
    assert (
        found["crm:b"][0] == "crm:b"
        and found["crm:a"][0] == "erp:1"
        or found["crm:b"][0] == "erp:1" != found["crm:a"][0]
    )
    confirm(company.state, A, B, "eva")
    company.sync()
    assert {company.links()[key][0] for key in ("erp:1", "crm:a", "crm:b")} == {"erp:1"}
    status = dict(company.read("SELECT kind || decision_id, status FROM core.identity_decision"))
    assert status == {"confirm1": "applied", "reject2": "overruled", "confirm3": "applied"}


def test_a_rollback_of_the_warehouse_takes_no_decision_back(company: TwoSystems) -> None:
    before = read_pointer(company.config.warehouse.path)
    assert before is not None
    confirm(company.state, B, TWO, "eva")
    company.sync()
    rollback(company.config.warehouse.path, before)
    assert company.links()["crm:b"][1] == "self" and len(in_force(company.state)) == 1
    company.put("crm", "a", "Acme Tools", email="y@acme.de")
    company.sync()
    assert company.links()["crm:b"] == ("erp:2", "manual", "confirmed")


def test_a_decision_waits_for_a_record_that_is_gone(company: TwoSystems) -> None:
    confirm(company.state, B, TWO, "eva")
    company.sync()
    company.remove("crm", "b")
    assert any("warn_identity_decision" in told for told in company.sync().warnings)
    assert company.read("SELECT status FROM core.identity_decision") == [("record_gone",)]
    company.put("crm", "b", "Back again")
    company.sync()
    assert company.links()["crm:b"] == ("erp:2", "manual", "confirmed")


def test_links_are_dated_edges(company: TwoSystems) -> None:
    edges = "SELECT customer_id, rule, valid_to IS NULL FROM core.customer_link_history"
    query = f"{edges} WHERE source_id = 'b' ORDER BY valid_from"
    made = confirm(company.state, B, TWO, "eva")
    company.sync()
    company.put("erp", "2", "Zeta Pumps GmbH", city="Kiel")
    company.sync(full=True)
    assert company.read(query) == [("crm:b", "self", False), ("erp:2", "manual", True)], "the same answer adds no edge"
    undo(company.state, made.id, "eva")
    company.sync()
    assert company.read(query) == [("crm:b", "self", False), ("erp:2", "manual", False), ("crm:b", "self", True)]
    gaps = "SELECT count(*) FROM core.customer_link_history WHERE valid_to < valid_from"
    assert company.read(gaps) == [(0,)]


def test_the_customer_s_id_outlives_a_double_that_sorts_before(company: TwoSystems) -> None:
    company.put("erp", "0", "Acme GmbH", email="x@acme.de", city="Hamburg")
    company.sync()
    assert {company.links()[key][0] for key in ("erp:0", "erp:1", "crm:a")} == {"erp:1"}


def test_what_cannot_be_decided_is_refused(tmp_path: Path) -> None:
    state = State(tmp_path / "state.db")
    for wrong in (lambda: confirm(state, A, A, "eva"), lambda: reject(state, A, B, " "), lambda: undo(state, 7, "eva")):
        with pytest.raises(QueryError):
            wrong()
    made = split(state, A, "eva")
    undo(state, made.id, "eva")
    with pytest.raises(QueryError):
        undo(state, made.id, "eva")


def test_a_decision_alone_is_taken_up_by_the_watching_sync(company: TwoSystems) -> None:
    """No source has changed, and none is read again."""
    stop, folder = threading.Event(), company.config.warehouse.path
    slow = "\n".join(
        line + '\nevery = "1h"' if line.startswith("name = ") and "Test" not in line else line
        for line in company.config.path.read_text(encoding="utf-8").splitlines()
    )
    company.config.path.write_text(slow, encoding="utf-8")
    options = {"models": company.models, "steps": STEPS}
    thread = threading.Thread(target=watch, args=(load_config(company.config.path), stop), kwargs=options)
    thread.start()
    try:
        runs = len(company.state.runs())
        until(lambda: [run for run in company.state.runs()[:-runs] if run["status"] == "nothing_new"])
        before = read_pointer(folder)
        confirm(company.state, B, TWO, "eva")
        until(lambda: read_pointer(folder) != before)
    finally:
        stop.set()
        thread.join(20)
    assert not thread.is_alive()
    assert company.links()["crm:b"] == ("erp:2", "manual", "confirmed")


def until(condition: Callable[[], object], seconds: float = 20.0) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "did not happen in time"
        time.sleep(0.05)
