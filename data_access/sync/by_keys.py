"""Rows read again by their keys: what a notice names, rejected rows, and what a comparison found."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from contextlib import suppress

import pyarrow as pa

from data_access.connectors.base import Connector
from data_access.errors import SourceError
from data_access.sync.extract import Options, StreamReport, with_retries
from data_access.sync.land import DUPLICATE, Landing
from data_access.sync.sqltext import literal, render
from data_access.sync.sweep import delete_missing, guard_missing
from data_access.sync.target import Target

Key = tuple[str, ...]


def is_settled(landing: Landing, target: Target) -> bool:
    """Whether the stream was read completely once: before that, single rows would move the mark of the first read."""
    return landing.position(target).cursor is not None


def fits(target: Target, key: Key) -> bool:
    """Whether `key` has the parts of the stream's key, and values of their types."""
    columns = target.spec.columns
    return len(key) == len(target.spec.key) and all(
        columns[name].type != "integer" or re.fullmatch(r"-?\d{1,18}", part)
        for name, part in zip(target.spec.key, key, strict=True)
    )


def in_turn(target: Target, options: Options, work: Callable[[StreamReport], None]) -> StreamReport:
    """Works on a stream while nobody else does, again after transient failures. What fails is in the report, not
    raised."""
    report = StreamReport(target.source, target.stream, options.clock())

    def attempt() -> None:
        work(report)

    def count() -> None:
        report.attempts += 1

    try:
        with options.turns.of(target.source, target.stream):
            with_retries(attempt, options.retry, count)
        report.status = "ok"
    except SourceError as error:
        report.fail(error)
        report.transient = error.transient
    report.finished_at = options.clock()
    return report


def read_again(
    connector: Connector, landing: Landing, target: Target, keys: Sequence[Key], options: Options, report: StreamReport
) -> None:
    """Reads and lands the rows of these keys; those that are gone from the source are tombstoned. SourceError when they
    cannot be read, GuardError when too many are gone."""
    now = options.clock()
    landing.begin_pass()
    with connector.snapshot():
        _land(connector, landing, target, [source_key(target, key) for key in keys], options, report)
        _asked(landing, target, keys)
        again = [key for key in _unseen(landing, target, keys) if _could_be_numbers(key)]
        if again:
            # A text column's driver value may be a number, which some databases never find by its text.
            with suppress(SourceError):
                numbers = [tuple(int(part) for part in key) for key in again]
                _land(connector, landing, target, numbers, options, report)
    names = {"source": literal(target.source), "stream": literal(target.stream)}
    landing.con.execute(render("asked_compare", table=target.table, **names))
    gone = guard_missing(landing, target, options.accept_deletes)
    delete_missing(landing, target, report.counts, now, gone)


def rejected_keys(landing: Landing, target: Target) -> list[Key]:
    """Keys of the stream's open rejects (not of doubled keys, which only a whole read can judge)."""
    query = (
        "SELECT DISTINCT source_id FROM landing.rejected_row WHERE source = ? AND entity = ? AND resolved_at IS NULL"
        " AND reason <> ? AND source_id NOT LIKE '?%' ORDER BY ALL"
    )
    rows = landing.con.execute(query, [target.source, target.stream, DUPLICATE]).fetchall()
    return [key for (text,) in rows if fits(target, key := split_key(text, len(target.spec.key)))]


def split_key(text: str, parts: int) -> Key:
    """The parts of a landed key (see Target.key); more or fewer than `parts` when it is none of such a stream."""
    if parts == 1:
        return (text,)
    found, letters = [""], iter(text)
    for letter in letters:
        if letter == "|":
            found.append("")
        else:
            found[-1] += next(letters, "") if letter == "\\" else letter
    return tuple(found)


def source_key(target: Target, key: Key) -> tuple[object, ...]:
    """The values by which the source is asked for a key that fits."""
    return tuple(_typed(target, name, part) for name, part in zip(target.spec.key, key, strict=True))


def _land(
    connector: Connector, landing: Landing, target: Target, keys: Sequence[tuple[object, ...]], options: Options,
    report: StreamReport,
) -> None:  # fmt: skip
    for page in connector.read_by_keys(target.stream, keys):
        landing.land(target, page, report.counts, options.clock())


def _typed(target: Target, name: str, part: str) -> object:
    return int(part) if target.spec.columns[name].type == "integer" else part


def _could_be_numbers(key: Key) -> bool:
    return all(re.fullmatch(r"[1-9]\d{0,17}|0", part) for part in key)


def _asked(landing: Landing, target: Target, keys: Sequence[Key]) -> None:
    """The landed form of the keys into temp table `asked`, with their number in the order they were asked for."""
    names = target.spec.key
    page = pa.table({name: [key[at] for key in keys] for at, name in enumerate(names)} | {"_n": range(len(keys))})
    landing.con.register("arrow_page", page)
    try:
        typed = f"SELECT {target.casts(list(names))}, s._n FROM arrow_page s"
        landing.con.execute(f"CREATE OR REPLACE TEMP TABLE asked AS SELECT {target.key()} AS _key, _n FROM ({typed})")
    finally:
        landing.con.unregister("arrow_page")


def _unseen(landing: Landing, target: Target, keys: Sequence[Key]) -> list[Key]:
    """Those of the keys that the source did not answer though their rows are landed."""
    rows = landing.con.execute(
        f"SELECT _n FROM asked JOIN {target.table} l USING (_key)"
        f" WHERE l._deleted_at IS NULL AND NOT EXISTS (FROM seen e WHERE e._key = asked._key) ORDER BY _n"
    ).fetchall()
    return [keys[n] for (n,) in rows]
