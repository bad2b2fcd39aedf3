"""Notices and what becomes of them: the published version always equals the source in the end."""

from __future__ import annotations

import random
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pyarrow as pa
import pytest

from data_access import inbox
from data_access.connectors.sql import SqlConnector
from data_access.control import ask
from data_access.hooks import Notice
from data_access.sync import notices
from data_access.sync.by_keys import split_key
from data_access.sync.engine import Engine
from data_access.versions import read_pointer
from tests.data_access.sync.pushed import Pushing, changed
from tests.data_access.sync.watched import published, until, watching


def test_a_notice_brings_its_row_and_nothing_else(pushing: Pushing) -> None:
    tiny = pushing.tiny
    with watching(tiny):
        until(published(tiny, "P01"))
        tiny.party(1, "Pushed", "2026-05-01 00:00:00")
        tiny.party(2, "Not pushed", "2026-05-01 00:00:00")
        assert pushing.push(changed(1))
        until(published(tiny, "Pushed"))
        until(lambda: pushing.settled(1))
        assert pushing.results() == ["published"]
        assert "Not pushed" not in tiny.names() and len(tiny.names()) == 30


def test_a_deleted_row_goes_after_the_source_confirmed_it(pushing: Pushing) -> None:
    tiny = pushing.tiny
    with watching(tiny):
        until(published(tiny, "P01"))
        tiny.sql("DELETE FROM party WHERE id = 3")
        pushing.push(Notice("delete", "party", ("3",)), Notice("delete", "party", ("4",)))
        until(lambda: "P03" not in tiny.names())
        assert "P04" in tiny.names() and len(tiny.names()) == 29


def test_order_and_doubles_do_not_matter(pushing: Pushing) -> None:
    tiny = pushing.tiny
    with watching(tiny):
        until(published(tiny, "P01"))
        tiny.sql("DELETE FROM party WHERE id = 5")
        tiny.party(5, "Born again", "2026-05-02 00:00:00")
        assert pushing.push(Notice("upsert", "party", ("5",)), delivery="later")
        assert pushing.push(Notice("delete", "party", ("5",)), delivery="earlier")
        until(published(tiny, "Born again"))
        until(lambda: pushing.settled(2))
        version = read_pointer(tiny.warehouse)
        assert not pushing.push(Notice("delete", "party", ("5",)), delivery="earlier")
        assert pushing.push(Notice("delete", "party", ("5",)), delivery="replayed under another id")
        until(lambda: pushing.settled(3))
        assert pushing.results()[-1] == "nothing new"
        assert (read_pointer(tiny.warehouse), "Born again" in tiny.names()) == (version, True)
        counts = {
            row["label"]: row["total"] for row in pushing.state.execute("SELECT * FROM tally WHERE name = 'hook'")
        }
        assert counts == {"received": 3, "duplicate": 1, "applied": 3}


def test_a_burst_is_one_read_and_one_version(pushing: Pushing) -> None:
    tiny = pushing.tiny
    with watching(tiny):
        until(published(tiny, "P01"))
        ask(tiny.config, pushing.state, "pause", "erp", None, "test")
        until(lambda: pushing.state.execute("SELECT 1 FROM pause"))
        for number in range(1, 31):
            tiny.party(number, f"Burst {number:02d}", "2026-05-01 00:00:00")
            for again in range(3):
                pushing.push(changed(number), delivery=f"{number}-{again}")
        version, runs = read_pointer(tiny.warehouse), len(pushing.state.runs())
        assert pushing.results() == []
        ask(tiny.config, pushing.state, "resume", "erp", None, "test")
        until(published(tiny, "Burst 30"))
        until(lambda: pushing.settled(90))
        assert read_pointer(tiny.warehouse) == version + 1 and pushing.shown() == pushing.truth()
        assert len(pushing.state.runs()) == runs + 1
        (read,) = pushing.state.streams(pushing.state.runs()[0]["run_id"])
        assert (read["entity"], read["read"], read["updated"]) == ("party", 30, 30)


def test_lost_notices_are_found_by_the_schedule(pushing: Pushing) -> None:
    tiny, chance = pushing.tiny, random.Random(7)
    with watching(tiny):
        until(published(tiny, "P01"))
        lost = 0
        for number in range(1, 21):
            if number % 5 == 0:
                tiny.sql(f"DELETE FROM party WHERE id = {number}")
            else:
                tiny.party(number, f"New {number:02d}", "2026-05-01 00:00:00")
            if chance.random() < 0.5:
                lost += 1
            else:
                pushing.push(changed(number))
        until(lambda: pushing.settled(20 - lost))
        assert 5 < lost < 15 and pushing.shown() != pushing.truth()
        ask(tiny.config, pushing.state, "run", "erp", None, "the schedule's turn")
        until(lambda: pushing.shown() == pushing.truth())


@pytest.mark.parametrize(
    "notice",
    [
        Notice("upsert", None, None),
        Notice("upsert", "party", None),
        Notice("upsert", "customer", ("1", "2")),
        Notice("upsert", "nobody knows this", ("1",)),
    ],
)
def test_what_names_no_row_has_its_streams_read(pushing: Pushing, notice: Notice) -> None:
    tiny = pushing.tiny
    with watching(tiny):
        until(published(tiny, "P01"))
        tiny.party(1, "Found", "2026-05-01 00:00:00")
        pushing.push(notice)
        until(published(tiny, "Found"))
        until(lambda: pushing.results() == ["read with its stream"])


def test_an_entity_and_a_key_of_several_parts(pushing: Pushing) -> None:
    tiny = pushing.tiny
    with watching(tiny):
        until(published(tiny, "P01"))
        tiny.sql("UPDATE category SET label = 'Gamma' WHERE code = 'B'", "DELETE FROM category WHERE code = 'A'")
        pushing.push(Notice("upsert", "warehouse", ("B", "en")), Notice("delete", "warehouse", ("A", "en")))
        until(lambda: tiny.read("SELECT name FROM core.warehouse") == [("Gamma",)])


def test_a_notice_that_came_while_nobody_was_there_is_applied_by_the_next_process(pushing: Pushing) -> None:
    tiny = pushing.tiny
    with watching(tiny):
        until(published(tiny, "P01"))
    tiny.party(1, "Meanwhile", "2026-05-01 00:00:00")
    pushing.push(changed(1))
    assert inbox.take(pushing.state, "erp")  # as a process that ended before it applied what it took
    with watching(tiny):
        until(published(tiny, "Meanwhile"))
        until(lambda: pushing.settled(1))


def test_a_source_that_is_away_keeps_its_notices_waiting(pushing: Pushing, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("data_access.sync.notices.FIRST_BACKOFF_SECONDS", 0.1)
    tiny = pushing.tiny
    with watching(tiny):
        until(published(tiny, "P01"))
        real = tiny.folder / "erp.db"
        tiny.party(1, "Back", "2026-05-01 00:00:00")
        monkeypatch.setattr("data_access.sync.by_keys._land", _away)
        pushing.push(changed(1))
        until(lambda: any("away" in row["error"] for row in pushing.state.runs()))
        assert pushing.results() == [] and real.exists() and inbox.waiting(pushing.state)["erp"][0] == 1
        monkeypatch.undo()
        monkeypatch.setenv("ERP_HOOK", "s3cret")
        until(published(tiny, "Back"))
        until(lambda: pushing.settled(1))


def test_a_notice_that_cannot_be_read_holds_up_no_other(pushing: Pushing, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its stream is read soon instead, so nothing is lost by setting it aside."""
    tiny, by_keys = pushing.tiny, notices.pull_again

    def breaks(engine: object, source: object, wanted: dict[str, list[tuple[str, ...]]], ledger: object) -> object:
        if ("666",) in wanted.get("party", []):
            raise RuntimeError("a mistake of ours")
        return by_keys(engine, source, wanted, ledger)

    monkeypatch.setattr(notices, "pull_again", breaks)
    with watching(tiny):
        until(published(tiny, "P01"))
        tiny.party(666, "Beast", "2026-05-01 00:00:00")
        pushing.push(changed(666))
        until(published(tiny, "Beast"))
        tiny.party(1, "Later", "2026-05-02 00:00:00")
        pushing.push(changed(1))
        until(published(tiny, "Later"))
        until(lambda: pushing.settled(2))
        first, second = pushing.results()
        assert first.startswith("by schedule: ") and second == "published"


def _away(*_: object) -> None:
    from data_access.errors import SourceError

    raise SourceError("the source is away", "wait", transient=True)


def test_notices_are_read_while_a_publish_is_under_way(pushing: Pushing, monkeypatch: pytest.MonkeyPatch) -> None:
    tiny, entered, release = pushing.tiny, threading.Event(), threading.Event()
    real = Engine.publish_news

    def publish(self: Engine, *more: Any) -> None:
        entered.set()
        assert release.wait(30)
        real(self, *more)

    with watching(tiny):
        until(published(tiny, "P01"))
        monkeypatch.setattr(Engine, "publish_news", publish)
        for number in (1, 2):
            tiny.party(number, f"During {number}", "2026-05-01 00:00:00")
            pushing.push(changed(number))
            assert entered.wait(20)
        until(lambda: len([row for row in pushing.state.streams() if row["updated"] == 1]) == 2)
        assert pushing.results() == [] and "During 1" not in tiny.names()
        release.set()
        until(lambda: {"During 1", "During 2"} <= set(tiny.names()))
        until(lambda: pushing.results() == ["published"] * 2)


def test_an_older_page_never_lands_over_a_newer_row(pushing: Pushing, monkeypatch: pytest.MonkeyPatch) -> None:
    tiny, entered, release = pushing.tiny, threading.Event(), threading.Event()
    real = SqlConnector.read

    def read(self: SqlConnector, stream: str, since: datetime | None, bound: datetime | None) -> Iterator[pa.Table]:
        pages = list(real(self, stream, since, bound))
        if stream == "party" and not entered.is_set():
            entered.set()
            assert release.wait(30)
        yield from pages

    with watching(tiny):
        until(published(tiny, "P01"))
        monkeypatch.setattr(SqlConnector, "read", read)
        tiny.party(1, "Old", f"{datetime.now(UTC):%Y-%m-%d %H:%M:%S}")
        ask(tiny.config, pushing.state, "run", "erp", "party", "test")
        assert entered.wait(20)
        tiny.party(1, "New", f"{datetime.now(UTC):%Y-%m-%d %H:%M:%S}")
        pushing.push(changed(1))
        until(lambda: pushing.state.execute("SELECT 1 FROM hook_notice WHERE taken_at IS NOT NULL"))
        release.set()
        until(lambda: pushing.settled(1))
        until(lambda: not any(run["status"] == "running" for run in pushing.state.runs()))
        assert "New" in tiny.names() and "Old" not in tiny.names()


def test_a_text_key_that_is_a_number_in_the_source_is_not_taken_for_gone(pushing: Pushing) -> None:
    profile = pushing.tiny.folder / "tiny.toml"
    text = profile.read_text(encoding="utf-8")
    profile.write_text(text.replace('id = "text"', 'id = { type = "text", from = "id + 0" }', 1), encoding="utf-8")
    tiny = pushing.tiny
    with watching(tiny):
        until(published(tiny, "P01"))
        tiny.party(1, "By its number", "2026-05-01 00:00:00")
        pushing.push(changed(1))
        until(lambda: pushing.settled(1))
        assert pushing.results() == ["published"] and len(tiny.names()) == 30 and "By its number" in tiny.names()


def test_the_delete_guard_holds_for_notices_too(pushing: Pushing) -> None:
    tiny = pushing.tiny
    with watching(tiny):
        until(published(tiny, "P01"))
        tiny.sql("DELETE FROM party WHERE id <= 20")
        pushing.push(*(Notice("delete", "party", (str(number),)) for number in range(1, 21)))
        until(lambda: pushing.settled(20))
        assert len(tiny.names()) == 30 and "would delete 20 of 30" in pushing.results()[0]
        ask(tiny.config, pushing.state, "reload", "erp", "party", "test", accept_deletes=True)
        until(lambda: len(tiny.names()) == 10)


def test_landed_keys_come_apart_as_they_were_joined() -> None:
    assert split_key("17", 1) == ("17",) and split_key("a|b", 1) == ("a|b",)
    assert split_key(r"a\|b|c\\", 2) == ("a|b", "c\\") and split_key("A|en", 2) == ("A", "en")
