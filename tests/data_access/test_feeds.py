"""Feeds: every stream in one of them, their standing from what the runs noted, calm days, hours, delays."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from data_access import feed_state, sync_log
from data_access.config import Config, parse_config
from data_access.connectors.feeds import feeds_of
from data_access.connectors.profile import PROFILES, load_profile
from data_access.feeds import _calm, chosen_feed
from data_access.live import Live
from data_access.state import SourceStatus, State, StreamRun
from data_access.sync.lanes import registered
from data_access.sync.sources import open_sources

NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)


@pytest.mark.parametrize("system", sorted(path.stem for path in PROFILES.glob("*.toml")))
def test_every_stream_is_in_one_feed(system: str) -> None:
    profile = load_profile(system)
    streams = [stream for some in feeds_of(profile).values() for stream in some]
    assert sorted(streams) == sorted(profile.stream)


def test_what_is_read_first_of_all_names_the_feed() -> None:
    found = feeds_of(load_profile("demo_erp"))
    assert "sales_order_line" in found["sales_orders"] and found["stock"] == ("stock_move",)
    assert "product" in found["items"] and "customer" in found["accounts"]


@pytest.fixture
def live(tmp_path: Path) -> Live:
    return known(company(tmp_path))


def known(config: Config) -> Live:
    state = State(config.folder / "state.db")
    feed_state.register(state, registered(config, open_sources(config), NOW))
    return Live(config, state)


def company(folder: Path, **crm: object) -> Config:
    sources = [
        {
            "name": "erp",
            "role": "erp",
            "system": "demo_erp",
            "url": "sqlite:///e",
            "every": "60s",
            "fresh_within": "5m",
        },
        {"name": "crm", "role": "crm", "system": "demo_crm", "url": "sqlite:///c", "fresh_within": "5m"} | crm,
    ]
    place = {"company": {"name": "K", "currency": "CNY", "timezone": "Asia/Shanghai"}, "source": sources}
    return parse_config(place, folder / "tandem.toml")


def ran(live: Live, source: str, stream: str, minutes_ago: float, *, ok: bool = True, **counts: int) -> int:
    """A run of one stream that took two seconds."""
    start = NOW - timedelta(minutes=minutes_ago)
    run = live.state.start_run()
    live.state.finish_run(run, "nothing_new")
    done = StreamRun(source, stream, start, start + timedelta(seconds=2), "ok" if ok else "failed",
                     error="" if ok else "shop.db answers 401 (stream x): no", **counts)  # fmt: skip
    live.state.record_stream(run, done)
    sync_log.note_run(live.state, done)
    feed_state.read(live.state, [feed_state.Read(source, stream, ok, start, 2.0, error=done.error)])
    return run


def everything_ran(live: Live, minutes_ago: float) -> None:
    for feed in live.feeds:
        for stream in feed.streams:
            ran(live, feed.source.name, stream, minutes_ago)


def test_a_feed_is_as_old_as_its_oldest_stream(live: Live) -> None:
    everything_ran(live, 2)
    before = {(one.source, one.feed): one.status for one in live.standings(NOW)}
    assert set(before.values()) == {"fresh"} and len(before) == 14
    everything_ran(live, 1)
    later = NOW + timedelta(minutes=8)
    for stream in ("ticket", "account"):
        ran(live, "crm", stream, -7.9)
    now = {(one.source, one.feed): one for one in live.standings(later)}
    assert now["crm", "tickets"].status == "fresh"
    assert now["crm", "accounts"].status == "late", "its contacts were not read"
    assert now["crm", "accounts"].checked_at == "2026-03-10T11:59:00.000Z"
    assert {one.status for one in live.standings(NOW + timedelta(minutes=15))} == {"stale", "fresh"}


def test_what_fails_is_told_since_when_and_how_often(live: Live) -> None:
    everything_ran(live, 9)
    for ago in (3, 2, 1):
        ran(live, "crm", "ticket", ago, ok=False)
    one = next(one for one in live.standings(NOW) if one.feed == "tickets")
    assert (one.status, one.failures, one.failing_since) == ("failing", 3, "2026-03-10T11:57:00.000Z")
    assert "401" in one.error and [run["kind"] for run in one.runs] == ["ok", "failed", "failed", "failed"]
    ran(live, "crm", "ticket", 0)
    one = next(one for one in live.standings(NOW) if one.feed == "tickets")
    assert (one.status, one.failures, one.failing_since, one.error) == ("fresh", 0, None, "")


def test_a_publish_that_is_blocked_makes_all_feeds_old(live: Live) -> None:
    everything_ran(live, 1)
    live.state.publish_failed("gate check failed")
    assert {one.status for one in live.standings(NOW)} == {"failing"}


def test_what_is_read_once_a_day_is_not_late_after_an_hour(tmp_path: Path) -> None:
    live = known(company(tmp_path, cron="0 3 * * *"))
    everything_ran(live, 60 * 20)
    found = {one.source: one for one in live.standings(NOW)}
    assert found["crm"].status == "fresh" and found["crm"].limit_seconds == 86400
    assert found["erp"].status == "stale"


def test_a_run_is_one_block_of_all_its_streams(live: Live) -> None:
    run = ran(live, "crm", "campaign", 5, read=7, inserted=3, unchanged=4)
    start = NOW - timedelta(minutes=5)
    live.state.record_stream(
        run, StreamRun("crm", "campaign_product", start, start + timedelta(seconds=3), "ok", read=2, rejected=2)
    )
    (shown,) = next(one for one in live.standings(NOW) if one.feed == "campaigns").runs
    assert (shown["read"], shown["inserted"], shown["unchanged"], shown["rejected"]) == (9, 3, 4, 2)
    assert shown["seconds"] == 5 and shown["kind"] == "changed"


def test_a_slow_run_takes_twice_the_usual_and_a_share_of_the_promise(live: Live) -> None:
    for n in range(20):
        ran(live, "crm", "ticket", 100 - n)
    start = NOW
    run = live.state.start_run()
    live.state.record_stream(run, StreamRun("crm", "ticket", start, start + timedelta(seconds=40), "ok"))
    kinds = [run["kind"] for run in next(one for one in live.standings(NOW) if one.feed == "tickets").runs]
    assert kinds[-1] == "slow" and set(kinds[:-1]) == {"ok"}


def test_the_stamp_moves_with_runs_and_states(live: Live) -> None:
    everything_ran(live, 1)
    first = live._worked_out()
    assert live._worked_out() == first
    ran(live, "crm", "ticket", 0, ok=False)
    assert live._worked_out() != first


def test_the_one_that_is_shown(live: Live) -> None:
    everything_ran(live, 1)
    ran(live, "erp", "stock_move", 0.5, inserted=90, read=90)
    found = live.standings(NOW)
    assert chosen_feed(found, "crm.tickets").feed == "tickets"  # type: ignore[union-attr]
    assert chosen_feed(found, None).feed == "stock", "the busiest while all is well"  # type: ignore[union-attr]
    ran(live, "crm", "contract", 0, ok=False)
    assert chosen_feed(live.standings(NOW), "crm.nothing").feed == "contracts"  # type: ignore[union-attr]
    assert chosen_feed([], None) is None


def test_time_is_shared_out_by_the_companys_days(tmp_path: Path) -> None:
    state, zone = State(tmp_path / "state.db"), ZoneInfo("Asia/Shanghai")
    midnight = datetime(2026, 3, 10, 16, tzinfo=UTC)  # in Shanghai
    checked = midnight - timedelta(minutes=40)
    source = SourceStatus("erp", "erp", checked.isoformat(), checked.isoformat(), "", True, None, 1800.0)
    sync_log.note_freshness(state, source, midnight - timedelta(minutes=30), midnight + timedelta(minutes=30), zone)
    days = {row["day"]: (row["seconds"], row["fresh_seconds"]) for row in sync_log.fresh_days(state, date(2026, 3, 1))}
    # Fresh until 45 minutes after the check: to the end of the tenth, and five minutes of the eleventh.
    assert days == {"2026-03-10": (1800, 1800), "2026-03-11": (1800, 300)}


def test_while_a_source_fails_no_second_is_fresh(tmp_path: Path) -> None:
    state = State(tmp_path / "state.db")
    broken = SourceStatus("erp", "erp", NOW.isoformat(), NOW.isoformat(), "no", False, None, 1800.0)
    sync_log.note_freshness(state, broken, NOW, NOW + timedelta(seconds=60), ZoneInfo("UTC"))
    assert [row["fresh_seconds"] for row in sync_log.fresh_days(state, date(2026, 3, 1))] == [0]


def test_calm_days_are_counted_back_from_today() -> None:
    def day(seconds: float, fresh: float) -> dict[str, float]:
        return {"seconds": seconds, "fresh_seconds": fresh}

    assert _calm([]) == (0, 0)
    assert _calm([day(10, 10)] * 4) == (4, 4)
    assert _calm([*[day(10, 10)] * 5, day(100, 50), *[day(10, 10)] * 2]) == (2, 5)
    assert _calm([day(10, 10), day(100, 0)]) == (0, 1)


def test_hours_add_up_and_old_ones_are_forgotten(live: Live) -> None:
    for ago in (1, 2):
        ran(live, "crm", "ticket", ago, read=5, inserted=2, deleted=1)
    ran(live, "crm", "ticket", 60 * 24 * 80, read=9)
    rows = sync_log.hours(live.state, NOW - timedelta(hours=2))
    assert [(row["runs"], row["read"], row["changed"]) for row in rows] == [(2, 10, 6)]
    sync_log.forget_old(live.state, NOW)
    assert len(sync_log.hours(live.state, NOW - timedelta(days=90))) == 1


def test_the_delay_is_from_the_change_to_the_end_of_its_run(live: Live) -> None:
    run = live.state.start_run()
    live.state.finish_run(run, "published", 3)
    sync_log.published(live.state, run, datetime.now(UTC) - timedelta(seconds=30))
    (delay,) = sync_log.delays(live.state, datetime.now(UTC) - timedelta(days=1))
    assert 29 < delay < 60
