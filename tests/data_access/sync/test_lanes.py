"""Rhythms: cron by the company's clocks on days they change, and slow readers that hold back nobody."""

from __future__ import annotations

import threading
import time
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from data_access import feed_state, health
from data_access.clock import iso, utc_now
from data_access.errors import ConfigError, SourceError
from data_access.state import State
from data_access.sync import engine, publishing, takeup
from data_access.sync.lanes import Asked, lanes_of, seconds_between
from data_access.sync.sources import open_source
from data_access.timing import next_cron
from tests.data_access.sync.conftest import Tiny
from tests.data_access.sync.watched import configure, published, until, watching

BERLIN = ZoneInfo("Europe/Berlin")


def runs(line: str, start: datetime, count: int) -> list[str]:
    """The next instants in UTC, one after another."""
    found, moment = [], start
    for _ in range(count):
        moment = next_cron(line, moment.astimezone(BERLIN))
        found.append(moment.strftime("%d %H:%M"))
    return found


@pytest.mark.parametrize(
    ("line", "start", "wanted"),
    [
        # 29 March 2026: 02:00 becomes 03:00 in Berlin (UTC+1 to UTC+2); 25 October: 03:00 becomes 02:00.
        ("0 7 * * *", datetime(2026, 3, 28, 12, tzinfo=UTC), ["29 05:00", "30 05:00"]),
        ("0 7 * * *", datetime(2026, 10, 24, 12, tzinfo=UTC), ["25 06:00", "26 06:00"]),
        ("0 * * * *", datetime(2026, 3, 28, 23, 30, tzinfo=UTC), ["29 00:00", "29 01:00", "29 02:00"]),
        ("0 * * * *", datetime(2026, 10, 24, 23, 30, tzinfo=UTC), ["25 00:00", "25 01:00", "25 02:00"]),
        ("30 2 * * *", datetime(2026, 3, 28, 2, tzinfo=UTC), ["29 01:00", "30 00:30"]),
    ],
)
def test_cron_by_the_companys_clocks(line: str, start: datetime, wanted: list[str]) -> None:
    assert runs(line, start, len(wanted)) == wanted


def test_the_wait_is_in_real_seconds_when_clocks_change() -> None:
    before = datetime(2026, 3, 28, 23, 0, tzinfo=UTC)  # midnight in Berlin; 07:00 is six hours away, not seven
    assert seconds_between("0 7 * * *", before, BERLIN) == 6 * 3600
    assert seconds_between("0 7 * * *", datetime(2026, 10, 24, 22, 0, tzinfo=UTC), BERLIN) == 8 * 3600
    assert seconds_between(15.0, before, BERLIN) == 15.0


def test_a_stream_with_its_own_rhythm_has_its_own_lane(tiny: Tiny) -> None:
    configure(tiny, 'name = "erp"', 'name = "erp"\nschedule = { customer = "15s" }')
    source = open_source(tiny.config, "erp")
    lanes = lanes_of(source, BERLIN, utc_now)
    assert [lane.streams for lane in lanes] == [("category",), ("party",)]
    assert (source.interval_of("party"), source.interval_of("category")) == (15.0, 60.0)
    configure(tiny, 'customer = "15s"', 'customer = "15s", customers = "1m"')
    with pytest.raises(ConfigError, match="customers") as caught:
        open_source(tiny.config, "erp")
    assert 'did you mean "customer"?' in caught.value.hint


def test_a_request_during_a_pass_is_for_the_next_one(tiny: Tiny) -> None:
    (lane,) = lanes_of(open_source(tiny.config, "erp"), BERLIN, utc_now)
    assert lane.begin()[0] == ["party", "category"]
    lane.ask(Asked(1, "resync", frozenset(["party"]), False))
    lane.plan(["party", "category"], time.monotonic(), failed=())
    streams, asked = lane.begin()
    assert streams == ["party"] and [each.id for each in asked] == [1]
    lane.plan(streams, time.monotonic(), failed=())
    assert lane.begin() == ([], [])


@pytest.mark.parametrize("kind", ["pull", "compare"])
def test_comparing_and_pulling_read_no_stream_before_it_is_due(tiny: Tiny, kind: str) -> None:
    (lane,) = lanes_of(open_source(tiny.config, "erp"), BERLIN, utc_now)
    lane.plan(lane.begin()[0], time.monotonic(), failed=["party"])
    lane.ask(Asked(1, kind, frozenset(["party"]), keys=("7",)))
    streams, asked = lane.begin()
    assert streams == [] and [each.id for each in asked] == [1] and lane.failures["party"] == 1


def test_a_slow_stream_holds_back_no_other(tiny: Tiny, monkeypatch: pytest.MonkeyPatch) -> None:
    configure(tiny, 'name = "erp"', 'name = "erp"\nevery = "200ms"\nschedule = { party = "200ms" }')
    release, entered = threading.Event(), threading.Event()
    real = takeup.extract_stream

    def extract(connector, landing, target, *rest):
        if target.stream == "category" and landing.position(target).cursor is not None:
            entered.set()
            release.wait(30)
        return real(connector, landing, target, *rest)

    monkeypatch.setattr(takeup, "extract_stream", extract)
    with watching(tiny):
        until(published(tiny, "P01"))
        assert entered.wait(20)
        tiny.party(1, "Fast news", "2026-05-01 00:00:00")
        until(published(tiny, "Fast news"))
        state = State(tiny.config.state_path)
        (slow,) = [feed for feed in feed_state.feeds(tiny.config, state) if feed.stream == "category"]
        assert slow.reading_since is not None and slow.overdue_seconds == 0
        assert feed_state.backlog(tiny.config, state).streams_reading >= 1
        release.set()
        until(
            lambda: {f.reading_since for f in feed_state.feeds(tiny.config, state) if f.stream == "category"} == {None}
        )


def test_what_is_due_and_waits_is_told(tiny: Tiny) -> None:
    state = State(tiny.config.state_path)
    tiny.sync()
    now = utc_now()
    feed_state.planned(state, "erp", {"party": (now - timedelta(seconds=90), 300.0), "category": (now, 300.0)})
    found = feed_state.backlog(tiny.config, state, now + timedelta(seconds=10))
    assert (found.streams_due, found.streams_reading, found.notices_waiting, found.publish_waiting_since) == (
        2,
        0,
        0,
        None,
    )
    (party,) = [feed for feed in feed_state.feeds(tiny.config, state, now) if feed.stream == "party"]
    assert (party.overdue_seconds, party.rhythm, party.status) == (90, "1m", "fresh")
    assert (party.lag_seconds or 0) < 60 and party.cursor and party.newest_change_at == "2026-01-01T00:00:00.000Z"


def test_one_source_dead_for_an_hour(tiny: Tiny, monkeypatch: pytest.MonkeyPatch) -> None:
    """The others stay fresh, its status grows with its age, its figures stay, and it comes back by itself."""
    more = '[[source]]\nname = "dead"\nrole = "crm"\nprofile = "tiny.toml"\nevery = "200ms"\nurl = "sqlite:///erp.db"\n'
    configure(tiny, "[[source]]", more + "[[source]]")
    configure(tiny, 'name = "erp"', 'name = "erp"\nevery = "200ms"')
    monkeypatch.setattr("data_access.sync.lanes.MOST_BACKOFF_SECONDS", 0.2)
    shift, away, state = [timedelta()], threading.Event(), State(tiny.config.state_path)
    real = engine.Engine.take_up

    def refuse():
        raise SourceError("dead cannot be reached", "check that it runs", transient=True)

    def take_up(self, source, streams, ledger, tell):
        gone = away.is_set() and source.config.name == "dead"
        return real(self, source, streams, ledger, tell, refuse if gone else None)

    def clock() -> datetime:
        return utc_now() + shift[0]

    def statuses() -> dict[str, str]:
        return {each.name: each.status for each in health.sources(tiny.config, state, clock())}

    monkeypatch.setattr(engine.Engine, "take_up", take_up)
    with watching(tiny, clock=clock):
        until(lambda: published(tiny, "P01")() and len(tiny.names()) == 60)
        until(lambda: statuses() == {"erp": "fresh", "dead": "fresh"})
        away.set()
        until(lambda: statuses() == {"erp": "fresh", "dead": "failing"})
        last_good = {each.name: each.checked_at for each in health.sources(tiny.config, state, clock())}["dead"]
        shift[0] = timedelta(hours=1)
        until(lambda: statuses() == {"erp": "fresh", "dead": "stale"})
        tiny.sql("UPDATE party SET name = 'Alive', write_date = '2026-05-01 00:00:00' WHERE id = 1")
        until(published(tiny, "Alive"))
        assert tiny.names().count("Alive") == 1 and tiny.names().count("P01") == 1  # the dead one still shows its own
        assert {each.name: each.checked_at for each in health.sources(tiny.config, state, clock())}["dead"] == last_good
        dead = [feed for feed in feed_state.feeds(tiny.config, state, clock()) if feed.source == "dead"]
        assert {(feed.status, feed.cause) for feed in dead} == {("stale", "unreachable")}
        assert all(last_good <= (feed.checked_at or "") < iso(utc_now()) for feed in dead)
        away.clear()
        until(lambda: statuses() == {"erp": "fresh", "dead": "fresh"})
        until(lambda: tiny.names().count("Alive") == 2)


def test_a_failed_publish_is_tried_again_by_itself(tiny: Tiny, monkeypatch: pytest.MonkeyPatch) -> None:
    configure(tiny, 'name = "erp"', 'name = "erp"\nevery = "1h"')
    monkeypatch.setattr(publishing, "FAILED_PUBLISH_SECONDS", 0.2)
    full, real = threading.Event(), publishing.Engine.publish_news
    full.set()

    def publish(self, *args):
        if full.is_set():
            raise OSError(28, "No space left on device")
        real(self, *args)

    monkeypatch.setattr(publishing.Engine, "publish_news", publish)
    with watching(tiny):
        until(lambda: sum("no space" in run["error"].lower() for run in tiny.runs()) >= 2)
        full.clear()
        until(published(tiny, "P01"))


def test_after_a_failure_it_is_tried_again_soon_whatever_the_rhythm(tiny: Tiny) -> None:
    for rhythm, first in (("every = '5s'", 5), ("every = '1h'", 15), ("cron = '0 3 * * *'", 15)):
        configure(tiny, 'name = "erp"', f'name = "erp"\n{rhythm}')
        (lane,) = lanes_of(open_source(tiny.config, "erp"), BERLIN, utc_now)
        waits = []
        for _ in range(9):
            planned = lane.plan(["party", "category"], time.monotonic(), failed=["party"])
            waits.append((planned["party"][0] - utc_now()).total_seconds())
            assert planned["category"][0] - utc_now() > timedelta(seconds=min(first, 20) - 2)
        assert waits == pytest.approx([min(first * 2**n, 300) for n in range(9)], abs=2)
        calm = lane.plan(["party"], time.monotonic(), failed=())["party"][0] - utc_now()
        assert calm.total_seconds() == pytest.approx(5, abs=2) if "5s" in rhythm else calm > timedelta(seconds=20)
        configure(tiny, f'name = "erp"\n{rhythm}', 'name = "erp"')


def test_a_source_and_its_feeds_promise_the_same(tiny: Tiny) -> None:
    configure(tiny, 'name = "erp"', 'name = "erp"\nevery = "1h"')
    tiny.sync()
    state, later = State(tiny.config.state_path), utc_now() + timedelta(minutes=80)
    (source,) = health.sources(tiny.config, state, later)
    assert source.status == "fresh" and source.fresh_within_s == 3600
    assert {feed.status for feed in feed_state.feeds(tiny.config, state, later)} == {"fresh"}
