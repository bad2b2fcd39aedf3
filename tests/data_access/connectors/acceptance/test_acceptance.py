"""What every shipped profile must do, whatever the system behind it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from data_access.connectors.base import Connector
from data_access.errors import ConfigError, SourceError
from tests.data_access.connectors.acceptance.harness import Harness
from tests.data_access.connectors.acceptance.subjects import ABILITIES, Subject


def rows_of(connector: Connector, subject: Subject, since=None, until=None) -> dict[str, str]:
    found: dict[str, str] = {}
    for page in connector.read(subject.stream, since, until):
        keys = page.column(subject.profile.stream[subject.stream].key[0]).to_pylist()
        texts = page.column(subject.column).to_pylist()
        assert not found.keys() & set(map(str, keys)), "a row came twice"
        found |= {str(key): str(text or "") for key, text in zip(keys, texts, strict=True)}
    return found


def needs(subject: Subject, ability: str) -> None:
    """Skips, with the subject's reason, what its kind of source cannot do."""
    assert ability in ABILITIES and set(subject.cannot) <= set(ABILITIES) and all(subject.cannot.values())
    if ability in subject.cannot:
        pytest.skip(f"{subject.profile.system} is excused: {subject.cannot[ability]}")


def test_connects_and_tells_its_clock(subject: Subject) -> None:
    connector = subject.open()
    assert abs((connector.now() - connector.now()).total_seconds()) < 60
    connector.check()
    connector.close()


@pytest.mark.parametrize("wrong", ["key", "host"])
def test_bad_connection_is_told_in_one_line_without_secrets(subject: Subject, wrong: str) -> None:
    if wrong == "key":
        needs(subject, "login")
    connector = subject.open(wrong=wrong)
    with pytest.raises((SourceError, ConfigError)) as caught:
        connector.check()
    line = caught.value.line()
    assert (
        caught.value.hint
        and "\n" not in line
        and "not-the-key-9" not in line
        and "not-the-key-9" not in repr(connector)
    )
    if wrong == "host":
        assert isinstance(caught.value, SourceError)
    connector.close()


def test_discovers_its_streams_and_verifies_the_one_it_reads(subject: Subject) -> None:
    connector = subject.open()
    live = connector.discover()
    spec = subject.profile.stream[subject.stream]
    assert (spec.columns[subject.column].expression or subject.column) in live[subject.stream]
    told = " ".join(error.message for error in connector.verify() if f"stream {subject.stream}:" in error.message)
    assert told.endswith(subject.lacks)
    connector.close()


def test_full_read_is_the_truth(subject: Subject) -> None:
    connector, truth = subject.open(), subject.truth()
    assert len(truth) > 60 and rows_of(connector, subject) == truth
    connector.close()


def test_second_read_brings_nothing_third_only_the_change(subject: Subject) -> None:
    needs(subject, "since")
    connector = subject.open()
    first = connector.now()
    whole = rows_of(connector, subject)
    assert whole == subject.truth()
    subject.pass_time(60)
    second = connector.now() + timedelta(seconds=1)
    assert rows_of(connector, subject, first + timedelta(seconds=1), second) == {}
    subject.pass_time(60)
    key = sorted(whole)[len(whole) // 2]
    subject.change(key, "changed 改")
    subject.pass_time(60)
    found = rows_of(connector, subject, first, connector.now() + timedelta(seconds=1))
    assert found == {key: "changed 改"}
    connector.close()


def test_engine_lands_changes_and_deletes(harness: Harness, subject: Subject) -> None:
    report, _ = harness.take()
    assert (report.status, report.error) == ("ok", "") and harness.landed() == subject.truth()
    subject.pass_time(3600)
    changed, removed = sorted(subject.truth())[3:5]
    subject.change(changed, "changed 改")
    subject.remove(removed)
    subject.pass_time(60)
    report, _ = harness.take()
    assert report.status == "ok" and (report.counts.updated, report.counts.deleted) == (1, 1)
    assert harness.landed() == subject.truth() and removed not in harness.landed()
    report, _ = harness.take()
    assert report.status == "ok" and not report.counts.changed


def test_broken_read_resumes_after_its_last_committed_page(harness: Harness, subject: Subject) -> None:
    total = len(subject.truth())
    report, first = harness.take(cut=3)
    assert report.status == "failed" and "broken off" in report.error
    committed = len(harness.landed())
    assert committed == first.rows
    report, second = harness.take()
    assert report.status == "ok" and harness.landed() == subject.truth()
    if subject.profile.kind == "rest":
        assert second.rows == total - committed  # rows before the cut are not read again
    assert harness.one("SELECT count(*) FROM landing.cursor WHERE resume IS NOT NULL") == 0


def test_change_behind_a_cut_is_not_lost(harness: Harness, subject: Subject) -> None:
    """A row already read changes while the read is broken off: the run that resumes brings the change too."""
    harness.take(cut=3)
    key = sorted(harness.landed())[0]
    subject.pass_time(60)
    subject.change(key, "changed 改")
    subject.pass_time(60)
    report, _ = harness.take()
    assert report.status == "ok" and harness.landed() == subject.truth() and harness.landed()[key] == "changed 改"


def test_a_system_that_asks_to_wait_is_waited_for(harness: Harness, subject: Subject) -> None:
    needs(subject, "wait")
    subject.busy()
    report, _ = harness.take()
    assert (report.status, report.attempts) == ("ok", 1) and harness.landed() == subject.truth()
