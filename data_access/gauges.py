"""What GET /metrics answers: health of feeds, runs, notices and versions in Prometheus' text format. No figures of the
business."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import duckdb

from data_access import feed_state, health, inbox
from data_access.alerts.causes import free_bytes
from data_access.clock import parse_or_none, utc_now
from data_access.config import Config
from data_access.errors import TandemError
from data_access.state import State
from data_access.sync.marks import staging_rejects
from data_access.tally import tallies

if TYPE_CHECKING:
    from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily

    from data_access.snapshot import Snapshot
    from data_access.warehouse import Reader

    Family = CounterMetricFamily | GaugeMetricFamily

Sample = tuple[Sequence[str], float]
CONTENT_TYPE = "text/plain; version=1.0.0; charset=utf-8"


def exposition(config: Config, state: State, reader: Reader, refused: Mapping[tuple[str, str], int]) -> bytes:
    """The document; `refused`: (source, reason) -> deliveries this process refused."""
    from prometheus_client import CollectorRegistry, generate_latest
    from prometheus_client.registry import Collector

    class Now(Collector):
        def collect(self) -> Iterator[Family]:
            yield from _sources(config, state)
            yield from _feeds(config, state)
            yield from _counters(state, refused)
            yield from _backlog(config, state)
            yield from _versions(state, reader)
            yield _gauge(
                "disk_free_bytes", "Free space where the warehouse lies", [], [([], float(free_bytes(config)))]
            )

    registry = CollectorRegistry(auto_describe=False)
    registry.register(Now())
    return generate_latest(registry)


def _sources(config: Config, state: State) -> Iterator[Family]:
    known, now = health.sources(config, state), utc_now()
    labels = ["source", "role"]
    checks = [([each.name, each.role], _age(each.checked_at, now)) for each in known if each.checked_at]
    yield _gauge("source_check_age_seconds", "Age of a source's last successful check", labels, checks)
    lags = [([each.name, each.role], _age(each.newest_change_at, now)) for each in known if each.newest_change_at]
    yield _gauge("source_change_age_seconds", "Age of the newest change known of a source", labels, lags)
    promises = [([each.name, each.role], each.fresh_within_s) for each in known]
    yield _gauge("source_promise_seconds", "Freshness promised for a source", labels, promises)
    states = [([each.name, each.role, word], float(each.status == word)) for each in known for word in health.SEVERITY]
    yield _gauge("source_status", "1 for the status a source has", [*labels, "status"], states)
    paused = [([each.name, each.role], float(each.paused_since is not None)) for each in known]
    yield _gauge("source_paused", "1 while a source is paused", labels, paused)
    left_out = [([name], float(count)) for name, count in sorted(staging_rejects(state).items())]
    yield _gauge("source_rows_left_out", "Rows that the mapping of a source leaves out", ["source"], left_out)


def _feeds(config: Config, state: State) -> Iterator[Family]:
    known, now = feed_state.feeds(config, state), utc_now()
    labels = ["source", "stream"]

    def gauge(name: str, text: str, value: Any) -> Family:
        found = ((feed, value(feed)) for feed in known)
        samples = [([feed.source, feed.stream], float(number)) for feed, number in found if number is not None]
        return _gauge(f"stream_{name}", text, labels, samples)

    yield gauge("check_age_seconds", "Age of a stream's last successful read",
                lambda feed: _age(feed.checked_at, now) if feed.checked_at else None)  # fmt: skip
    yield gauge("change_age_seconds", "Age of the newest change known of a stream",
                lambda feed: _age(feed.newest_change_at, now) if feed.newest_change_at else None)  # fmt: skip
    yield gauge("last_success_timestamp_seconds", "When a stream was last read successfully",
                lambda feed: _unix(feed.checked_at))  # fmt: skip
    yield gauge("last_read_duration_seconds", "How long its last successful read took", lambda feed: feed.seconds)
    yield gauge("rejects_open", "Rows of a stream that are rejected now", lambda feed: feed.rejects_open)
    yield gauge(
        "overdue_seconds", "How long a stream has been due without being read", lambda feed: feed.overdue_seconds
    )
    yield gauge("paused", "1 while a stream is paused", lambda feed: feed.status == "paused")
    yield gauge("failing", "1 while a stream's last read failed", lambda feed: bool(feed.error))


def _counters(state: State, refused: Mapping[tuple[str, str], int]) -> Iterator[Family]:
    known = tallies(state)
    runs = [([each.label], each.total) for each in known if each.name == "run"]
    yield _counter("sync_runs", "Finished runs by outcome", ["outcome"], runs)
    rows = [([each.source, each.label], each.total) for each in known if each.name == "row"]
    yield _counter("rows", "Rows read by what became of them", ["source", "outcome"], rows)
    hooks = [([each.source, each.label], each.total) for each in known if each.name == "hook"]
    text = "Pushed deliveries (received, duplicate) and notices (applied, scheduled, failed)"
    yield _counter("hook_notices", text, ["source", "outcome"], hooks)
    turned = [([source, reason], count) for (source, reason), count in sorted(refused.items())]
    yield _counter("hook_refused", "Deliveries refused since the web process started", ["source", "reason"], turned)


def _backlog(config: Config, state: State) -> Iterator[Family]:
    found, now = feed_state.backlog(config, state), utc_now()
    yield _gauge("backlog_streams", "Streams that are due and not read yet", [], [([], found.streams_due)])
    waiting = [([source], count) for source, (count, _) in sorted(inbox.waiting(state).items())]
    yield _gauge("backlog_notices", "Notices that wait to be applied", ["source"], waiting)
    since = found.publish_waiting_since
    age = _age(since, now) if since else 0.0
    yield _gauge("backlog_publish_seconds", "How long landed changes wait for their publish", [], [([], age)])
    held = state.unpublished()
    blocked = _age(held[0], now) if held else 0.0
    yield _gauge("publish_blocked_seconds", "For how long publishing has been failing", [], [([], blocked)])
    beats = [([name], _age(at, now)) for name, at in sorted(state.heartbeats().items())]
    yield _gauge("heartbeat_age_seconds", "Age of a process' last sign of life", ["process"], beats)


def _versions(state: State, reader: Reader) -> Iterator[Family]:
    if not reader.ready:
        return
    snapshot = reader.pinned()
    yield _gauge("version", "Number of the version served", [], [([], snapshot.version)])
    age = _age(snapshot.manifest["published_at"], utc_now())
    yield _gauge("version_age_seconds", "Age of the version served", [], [([], age)])
    failing = _rows(snapshot, "ops.quality_result", "SELECT severity, count(*) FROM ops.quality_result"
                    " WHERE NOT passed GROUP BY severity ORDER BY severity")  # fmt: skip
    checks = [([severity], float(count)) for severity, count in failing]
    yield _gauge("checks_failing", "Checks of the version served that found rows", ["severity"], checks)
    rates = _rows(snapshot, "marts.identity_rate", "SELECT account_rate, revenue_rate FROM marts.identity_rate"
                  " ORDER BY day DESC LIMIT 1")  # fmt: skip
    shares = [([by], float(rate)) for row in rates for by, rate in zip(("accounts", "revenue"), row, strict=True)
              if rate == rate and rate is not None]  # fmt: skip
    yield _gauge("match_rate_ratio", "Share of the CRM's customers known in the ERP", ["by"], shares)


def _rows(snapshot: Snapshot, table: str, sql: str) -> list[tuple[Any, ...]]:
    """None when the version has no such table, or one of another shape."""
    if table not in snapshot.manifest["tables"]:
        return []
    try:
        frame = snapshot.derived(("gauge", table), frozenset({table}), lambda con: con.execute(sql).df()).frame
    except (TandemError, duckdb.Error):
        return []
    return list(frame.itertuples(index=False, name=None))


def _age(text: str | None, now: Any) -> float:
    at = parse_or_none(text)
    return max(0.0, (now - at).total_seconds()) if at else 0.0


def _unix(text: str | None) -> float | None:
    at = parse_or_none(text)
    return at.timestamp() if at else None


def _gauge(name: str, text: str, labels: Sequence[str], samples: Sequence[Sample]) -> Family:
    from prometheus_client.core import GaugeMetricFamily

    family = GaugeMetricFamily(f"tandem_{name}", text, labels=labels)
    for values, number in samples:
        family.add_metric(values, number)
    return family


def _counter(name: str, text: str, labels: Sequence[str], samples: Sequence[Sample]) -> Family:
    from prometheus_client.core import CounterMetricFamily

    family = CounterMetricFamily(f"tandem_{name}", text, labels=labels)
    for values, number in samples:
        family.add_metric(values, number)
    return family
