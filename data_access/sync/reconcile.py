"""Counts and sums a day in the source against those here, at the same bound, and which rows make the difference."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import pyarrow as pa

from data_access.connectors.base import Connector, CountsDays
from data_access.errors import SourceError
from data_access.sync.by_keys import Key, source_key, split_key
from data_access.sync.extract import StreamReport
from data_access.sync.land import Landing, instant
from data_access.sync.sqltext import literal, quote, render
from data_access.sync.target import CHANGED_AT, Target

MOST_DAYS = 60  # days searched down to their rows in one comparison, the newest first
MOST_EXTRAS = 1000


@dataclass(frozen=True)
class Outcome:
    """One stream's comparison. status: agrees, differs, unsupported (the connector cannot count days), undeclared (the
    profile names no day) or unread (never read completely); days and agreed are numbers of days."""

    source: str
    entity: str
    status: str
    detail: str = ""
    days: int = 0
    agreed: int = 0


def due(landing: Landing, source: str, every: float, now: datetime) -> set[str]:
    """Streams whose last comparison is younger than `every` seconds: those that are not due."""
    query = "SELECT entity, checked_at FROM landing.reconciled WHERE source = ?"
    rows = landing.con.execute(query, [source]).fetchall()
    return {entity for entity, checked in rows if now - checked < timedelta(seconds=every)}


def after_reading(
    connector: Connector, landing: Landing, targets: Sequence[Target], reports: Sequence[StreamReport], every: float,
    now: datetime,
) -> None:  # fmt: skip
    """Compares the streams just read that are due; what goes wrong is noted and fails nothing."""
    good = {report.entity for report in reports if report.status == "ok" and not report.waits}
    wanted = [each for each in targets if each.stream in good and each.spec.reconcile is not None]
    if wanted:
        young = due(landing, wanted[0].source, every, now)
        for target in wanted:
            if target.stream not in young:
                with suppress(SourceError):
                    compare(connector, landing, target, now)


def compare(connector: Connector, landing: Landing, target: Target, now: datetime) -> Outcome:
    """One stream against its source; the result is in landing.reconciled and landing.reconciled_day, and the rows that
    differ in temp table day_found. SourceErrors are noted there too, and raised."""
    if target.spec.reconcile is None:
        return Outcome(target.source, target.stream, "undeclared", "its profile names no day to compare by")
    if not isinstance(connector, CountsDays):
        return _note(landing, target, "unsupported", "this kind of source cannot count its rows by day", now)
    bound = landing.position(target).cursor
    if bound is None:
        return Outcome(target.source, target.stream, "unread", "it was never read completely")
    try:
        with connector.snapshot():
            _days(connector, landing, target, bound)
            _rows(connector, connector, landing, target, bound)
    except SourceError as error:
        _note(landing, target, "failed", error.line(), now)
        raise
    with landing.transaction():
        landing.con.execute(render("reconcile_store", **_names(target), bound=instant(bound), now=instant(now)))
    query = "SELECT status, days, agreed FROM landing.reconciled WHERE source = ? AND entity = ?"
    row = landing.con.execute(query, [target.source, target.stream]).fetchone()
    assert row is not None
    return Outcome(target.source, target.stream, row[0], "", row[1], row[2])


def found_keys(landing: Landing, target: Target) -> list[Key]:
    """The rows that the last `compare` in this landing found."""
    found = landing.con.execute("SELECT DISTINCT _key FROM day_found ORDER BY _key").fetchall()
    return [split_key(key, len(target.spec.key)) for (key,) in found]


def _names(target: Target) -> dict[str, str]:
    return {"source": literal(target.source), "stream": literal(target.stream)}


def _note(landing: Landing, target: Target, status: str, detail: str, now: datetime) -> Outcome:
    with landing.transaction():
        where = [target.source, target.stream]
        landing.con.execute("DELETE FROM landing.reconciled WHERE source = ? AND entity = ?", where)
        insert = "INSERT INTO landing.reconciled VALUES (?, ?, ?, ?, 0, 0, ?)"
        landing.con.execute(insert, [*where, status, detail, now])
    return Outcome(target.source, target.stream, status, detail)


def _columns(target: Target) -> dict[str, str]:
    """The day, the amount and its digits, as SQL over landed columns."""
    wanted = target.spec.reconcile
    assert wanted is not None
    amount = "0" if wanted.sum is None else quote(wanted.sum)
    digits = 0 if wanted.sum is None else target.spec.digits(wanted.sum)
    return {"day": quote(wanted.day), "amount": amount, "digits": str(digits)}


def _days(connector: CountsDays, landing: Landing, target: Target, bound: datetime) -> None:
    """Temp tables day_compare (one row a day) and own_row (the landed rows at the bound)."""
    counted = connector.count_by_day(target.stream, bound)
    in_bound = f"(_changed_at <= {instant(bound)} OR _changed_at IS NULL)" if target.spec.cursor else "true"
    parts = {"table": target.table, "in_bound": in_bound, "soft_delete": target.spec.soft_delete or "false"}
    landing.con.register("source_day", counted)
    try:
        landing.con.execute(render("reconcile_days", **parts, **_columns(target)))
    finally:
        landing.con.unregister("source_day")


def _rows(connector: Connector, days: CountsDays, landing: Landing, target: Target, bound: datetime) -> None:
    """Temp table day_found: the rows of the days that do not agree (empty when all do)."""
    con = landing.con
    con.execute(
        f"CREATE OR REPLACE TEMP TABLE open_day AS SELECT day FROM day_compare WHERE NOT agrees "
        f"ORDER BY day DESC NULLS LAST LIMIT {MOST_DAYS}"
    )
    con.execute(
        "CREATE OR REPLACE TEMP TABLE source_row (_key VARCHAR, _at TIMESTAMPTZ, day DATE, amount DECIMAL(38,6))"
    )
    open_days: list[date | None] = [day for (day,) in con.execute("FROM open_day").fetchall()]
    if open_days:
        for page in days.read_days(target.stream, open_days):
            _insert(landing, target, page)
        _look_for_extras(connector, landing, target)
    con.execute(render("reconcile_found", bound=instant(bound)))


def _look_for_extras(connector: Connector, landing: Landing, target: Target) -> None:
    """Rows here that the source does not show on that day: on which day it has them now, if at all."""
    query = (
        "SELECT _key FROM own_row WHERE NOT gone AND _key NOT IN (SELECT _key FROM source_row) "
        f"AND EXISTS (FROM open_day d WHERE d.day IS NOT DISTINCT FROM own_row.day) ORDER BY _key LIMIT {MOST_EXTRAS}"
    )
    parts = len(target.spec.key)
    keys = [source_key(target, split_key(key, parts)) for (key,) in landing.con.execute(query).fetchall()]
    for page in connector.read_by_keys(target.stream, keys) if keys else ():
        _insert(landing, target, page)


def _insert(landing: Landing, target: Target, page: pa.Table) -> None:
    spec, parts = target.spec, _columns(target)
    assert spec.reconcile is not None
    names: list[str] = list(dict.fromkeys([*spec.key, spec.reconcile.day, *filter(None, [spec.reconcile.sum])]))
    amount = f"round(({parts['amount']})::DECIMAL(38,6), {parts['digits']})"
    values: Any = f"{target.key()}, _at, TRY_CAST({parts['day']} AS DATE), {amount}"
    landing.con.register("arrow_page", page)
    try:
        landing.con.execute(
            f"INSERT INTO source_row SELECT {values} "
            f"FROM (SELECT {target.casts(names)}, {CHANGED_AT} AS _at FROM arrow_page s)"
        )
    finally:
        landing.con.unregister("arrow_page")
