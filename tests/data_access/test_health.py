"""Freshness by the contract's table, worked out when read."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from data_access.config import parse_config
from data_access.health import freshness, sources, worst
from data_access.state import SourceStatus, State

NOW = datetime(2026, 1, 31, 12, tzinfo=UTC)


def checked(seconds_ago: float | None, *, ok: bool = True, promise: float = 60) -> SourceStatus:
    at = None if seconds_ago is None else (NOW - timedelta(seconds=seconds_ago)).isoformat()
    return SourceStatus("erp", "erp", at, at, "", ok, None, promise)


@pytest.mark.parametrize(
    ("age", "ok", "status"),
    [
        (0, True, "fresh"),
        (90, True, "fresh"),
        (91, True, "late"),
        (180, True, "late"),
        (181, True, "stale"),
        (0, False, "failing"),
        (91, False, "failing"),
        (180, False, "failing"),
        (181, False, "stale"),
        (None, True, "never"),
        (None, False, "never"),
        (-30, True, "fresh"),
    ],
)
def test_the_states(age: float | None, ok: bool, status: str) -> None:
    assert freshness(checked(age, ok=ok), NOW) == status


def test_a_quiet_source_is_not_stale_and_the_configured_promise_counts(tmp_path: Path) -> None:
    config = parse_config(
        {
            "company": {"name": "K", "currency": "CNY", "timezone": "UTC"},
            "source": [
                {"name": "erp", "role": "erp", "system": "tryton", "fresh_within": "10m"},
                {"name": "crm", "role": "crm", "system": "twenty"},
            ],
        },
        tmp_path / "tandem.toml",
    )
    state = State(config.state_path)
    state.source_checked(
        "erp", "erp", ok=True, fresh_within_s=1, at=NOW - timedelta(minutes=5), newest_change_at=NOW - timedelta(days=9)
    )
    state.source_checked("gone", "erp", ok=True, fresh_within_s=1)
    erp, crm = sources(config, state, NOW)
    assert (erp.status, erp.lag_seconds, erp.newest_change_at) == ("fresh", 300, "2026-01-22T12:00:00.000Z")
    assert (crm.status, crm.lag_seconds) == ("never", None)
    assert worst([erp, crm]) == "never" and worst([erp, crm], ["erp"]) == "fresh" and worst([]) == "fresh"
