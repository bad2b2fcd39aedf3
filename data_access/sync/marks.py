"""What the reads of a source's streams came to, as the list of feeds and the counters keep it."""

from __future__ import annotations

import json
from collections.abc import Sequence

import duckdb

from data_access.feed_state import Read
from data_access.state import State
from data_access.sync.extract import StreamReport
from data_access.tally import count_in

STAGING_REJECTS = "staging_rejects"  # fact: source -> rows that the last build left out
OUTCOMES = ("inserted", "updated", "unchanged", "deleted", "rejected")


def reads(con: duckdb.DuckDBPyConnection, source: str, reports: Sequence[StreamReport]) -> list[Read]:
    """One entry for each report of this source whose stream could be looked at."""
    positions = "SELECT stream, cursor, newest FROM landing.cursor WHERE source = ?"
    at = {stream: (cursor, newest) for stream, cursor, newest in con.execute(positions, [source]).fetchall()}
    rejects = "SELECT entity, count(DISTINCT (source_id, payload)) FROM landing.rejected_row"
    open_now = f"{rejects} WHERE source = ? AND resolved_at IS NULL GROUP BY 1"
    still_open = dict(con.execute(open_now, [source]).fetchall())
    found = []
    for report in reports:
        if report.waits:
            continue
        cursor, newest = at.get(report.entity, (None, None))
        took = ((report.finished_at or report.started_at) - report.started_at).total_seconds()
        rejected = still_open.get(report.entity, 0)
        ok, why = report.status == "ok", (report.error, report.hint, report.cause)
        found.append(Read(source, report.entity, ok, report.started_at, took, cursor, newest, rejected, *why))
    return found


def keep_staging_rejects(con: duckdb.DuckDBPyConnection, state: State) -> None:
    """How many rows of each source the build just made left out."""
    query = "SELECT source, sum(rows)::BIGINT FROM build.staging_finding WHERE kind = 'rejected' GROUP BY 1 ORDER BY 1"
    state.set_fact(STAGING_REJECTS, json.dumps(dict(con.execute(query).fetchall())))


def staging_rejects(state: State) -> dict[str, int]:
    return dict(json.loads(state.fact(STAGING_REJECTS) or "{}"))


def count_run(state: State, status: str, reports: Sequence[StreamReport]) -> None:
    """Adds a finished run and its rows to the counters."""
    with state.transaction() as db:
        count_in(db, "run", "", status)
        for report in reports:
            for outcome in OUTCOMES:
                count_in(db, "row", report.source, outcome, getattr(report.counts, outcome))
