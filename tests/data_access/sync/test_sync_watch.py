"""The watch loop: sources by their own clocks, publishes together, errors survived."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest

from data_access.clock import utc_now
from data_access.errors import LockedError
from data_access.state import State
from data_access.sync import publishing, schedule
from data_access.versions import read_pointer, read_version
from tests.data_access.sync.watched import configure, published, until, watching


@pytest.fixture
def quick(tiny):
    configure(tiny, 'name = "erp"', 'name = "erp"\nevery = "200ms"')
    return tiny


def test_changes_arrive_by_themselves(quick):
    with watching(quick):
        until(published(quick, "P01"))
        quick.party(1, "Changed", "2026-05-01 00:00:00")
        until(published(quick, "Changed"))
        state = State(quick.folder / "state.db")
        assert "sync" in state.heartbeats() and state.sources()[0].last_ok
        version = read_pointer(quick.warehouse)
        count = len(state.runs())
        until(lambda: len(state.runs()) > count + 3)
        assert read_pointer(quick.warehouse) == version
    assert {run["status"] for run in quick.runs()} <= {"published", "nothing_new", "failed"}


def test_source_errors_are_survived_and_told(quick):
    with watching(quick):
        until(published(quick, "P01"))
        state = State(quick.folder / "state.db")
        checked = state.sources()[0].checked_at
        quick.sql("ALTER TABLE party RENAME TO gone")
        until(lambda: not state.sources()[0].last_ok)
        told = state.sources()[0]
        assert "no such table" in told.last_error and "tiny.toml" in told.last_error and told.checked_at >= checked
        quick.sql("ALTER TABLE gone RENAME TO party")
        quick.party(2, "After the outage", "2026-05-01 00:00:00")
        until(published(quick, "After the outage"))
        assert state.sources()[0].last_ok and state.sources()[0].last_error == ""


def test_slow_source_holds_back_nobody(quick, monkeypatch):
    more = '[[source]]\nname = "slow"\nrole = "crm"\nprofile = "tiny.toml"\nurl = "sqlite:///erp.db"\n[[source]]'
    configure(quick, "[[source]]", more)
    monkeypatch.setattr(publishing, "FIRST_VERSION_SECONDS", 0.5)
    release = threading.Event()
    real = schedule.Engine.take_up

    def take_up(self, source, *args, **more):
        if source.config.name == "slow":
            release.wait(30)
        return real(self, source, *args, **more)

    monkeypatch.setattr(schedule.Engine, "take_up", take_up)
    with watching(quick):
        until(published(quick, "P01"))
        quick.party(1, "Fast news", "2026-05-01 00:00:00")
        until(published(quick, "Fast news"))
        assert len(quick.names()) == 30
        release.set()
        until(lambda: len(quick.names()) == 60)


def test_entity_has_its_own_schedule(tiny):
    configure(tiny, 'name = "erp"', 'name = "erp"\nevery = "1h"\nschedule = { party = "200ms" }')
    with watching(tiny):
        until(published(tiny, "P01"))
        tiny.sql("UPDATE category SET label = 'Later' WHERE code = 'A'")
        tiny.party(1, "Soon", "2026-05-01 00:00:00")
        until(published(tiny, "Soon"))
        assert tiny.read("SELECT name FROM core.warehouse WHERE warehouse_id = 'A'") == [("Alpha",)]


def test_request_reads_a_source_at_once(tiny):
    configure(tiny, 'name = "erp"', 'name = "erp"\nevery = "1h"')
    with watching(tiny):
        until(published(tiny, "P01"))
        tiny.party(1, "Asked for", "2026-05-01 00:00:00")
        state = State(tiny.folder / "state.db")
        request = state.add_request("resync", {"source": "erp"})
        unknown = state.add_request("resync", {"source": "hr"})
        until(published(tiny, "Asked for"))
        query = "SELECT id, result FROM request WHERE finished_at IS NOT NULL ORDER BY id"
        done = until(lambda: len(rows := state.execute(query)) == 2 and rows)
        assert done == [{"id": request, "result": "done"}, {"id": unknown, "result": "unknown source"}]


def test_publishes_at_midnight_of_the_company(tiny):
    configure(tiny, 'name = "erp"', 'name = "erp"\nevery = "1h"')
    shift = [timedelta()]
    with watching(tiny, clock=lambda: utc_now() + shift[0]):
        until(published(tiny, "P01"))
        first = read_version(tiny.warehouse, 1).manifest["as_of"]
        shift[0] = timedelta(days=1)
        until(lambda: read_pointer(tiny.warehouse) == 2)
        assert read_version(tiny.warehouse, 2).manifest["as_of"] > first


def test_failing_gate_keeps_the_version_and_recovers(quick, monkeypatch):
    monkeypatch.setattr(publishing, "FAILED_PUBLISH_SECONDS", 0.2)
    with watching(quick):
        until(published(quick, "P01"))
        checks = quick.models / "checks"
        checks.mkdir()
        gate = "-- severity: gate\nSELECT * FROM core.customer WHERE name = 'Nobody'"
        (checks / "named.sql").write_text(gate, encoding="utf-8")
        quick.party(1, "Nobody", "2026-05-01 00:00:00")
        until(lambda: any("gate check failed" in run["error"] for run in quick.runs()))
        assert "Nobody" not in quick.names()
        quick.party(1, "Somebody", "2026-05-02 00:00:00")
        until(published(quick, "Somebody"))


def test_one_watch_at_a_time(quick):
    with watching(quick):
        until(lambda: (quick.warehouse / "current").exists())
        with pytest.raises(LockedError):
            quick.sync()
    assert quick.sync().exit_code == 0
