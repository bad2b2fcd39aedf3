"""Rows that wait: left out by staging, or naming something that is not known; each until its cause is gone."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache, partial
from typing import Any

import duckdb

from data_access.connectors.profile import ENTITIES
from data_access.sync import meta
from data_access.sync.changes import Changes, Staged
from data_access.sync.db import transaction
from data_access.sync.digest import digest
from data_access.sync.land import instant
from data_access.sync.partition import Key, put_keys, select_keys
from data_access.sync.sqltext import literal, quote, render

KEPT_DAYS = 90
MOST_ROWS = 1000

Work = Callable[[duckdb.DuckDBPyConnection], None]


@dataclass(frozen=True)
class Reference:
    """`entity.field` names a row of `to` by its `column`: of the same source, or of any."""

    entity: str
    field: str
    to: str
    column: str
    any_source: bool

    @property
    def name(self) -> str:
        return f"reference {self.entity}.{self.field}"

    @property
    def prefix(self) -> str:
        """How the reasons of its rows begin."""
        return f"{self.field}: {self.to} "

    @property
    def is_unknown(self) -> str:
        """The condition on a row t of the entity, as SQL; nothing is unknown where there is nothing of the kind."""
        same = "true" if self.any_source else "r.source = t.source"
        known, field = f"SELECT 1 FROM staging.{quote(self.to)} r WHERE {same}", f"t.{quote(self.field)}"
        named = f"NOT EXISTS ({known} AND r.{quote(self.column)} = {field})"
        return f"{field} IS NOT NULL AND EXISTS ({known}) AND {named}"

    def key(self, of: str) -> Key:
        """What the entity's rows fall into parts by, where they do."""
        return Key(f"gid({of}source, {of}{_identity(self.entity)})")


@cache
def references() -> tuple[Reference, ...]:
    """The references of references.toml."""
    data = tomllib.loads(ENTITIES.with_name("references.toml").read_text(encoding="utf-8"))
    wide: Mapping[str, Mapping[str, str]] = data.pop("any")
    return tuple(
        Reference(entity, field, to.partition(".")[0], to.partition(".")[2], table is wide)
        for table in (data, wide)
        for entity, fields in table.items()
        for field, to in fields.items()
    )


def refresh(con: duckdb.DuckDBPyConnection, now: datetime) -> None:
    """Brings landing.staging_reject in line with what staging finds now: new rows open, those whose cause is gone are
    resolved."""
    con.execute("CREATE OR REPLACE TABLE build.rate_now AS SELECT currency, arg_max(rate, day) AS rate "
                "FROM staging.exchange_rate WHERE rate > 0 GROUP BY currency")  # fmt: skip
    con.execute(render("reject_now"))
    with transaction(con):
        con.execute(render("reject_merge", now=instant(now), kept_days=str(KEPT_DAYS)))


def unknown(
    con: duckdb.DuckDBPyConnection, content: Mapping[str, str], base: str, changes: Changes, now: datetime
) -> dict[str, Work]:
    """By reference, where one of its two sides changed: what renews the rows whose reference is not known."""
    query = "SELECT name, value FROM build.meta WHERE name LIKE 'reference %'"
    known = dict(con.execute(query).fetchall())
    work: dict[str, Work] = {}
    for one in references():
        entity, to = content[f"staging.{one.entity}"], content[f"staging.{one.to}"]
        read = digest(base, entity, to)
        if known.get(one.name) != read:
            staged = changes.staged.get((f"staging.{one.entity}", one.key("").sql))
            is_told = staged and staged.rows and known.get(one.name) == digest(base, staged.before, to)
            work[one.name] = partial(_renew, one, read, staged if is_told else None, now)
    return work


def _renew(one: Reference, read: str, staged: Staged | None, now: datetime, con: duckdb.DuckDBPyConnection) -> None:
    """`staged`: all that changed, where that is known."""
    with transaction(con):
        if staged is None or not find_among(con, one, staged, now):
            find(con, one, now)
        meta.keep(con, one.name, read)


def find(con: duckdb.DuckDBPyConnection, one: Reference, now: datetime) -> None:
    """First which rows, by few columns: all of a row costs, and few are wrong."""
    key, table = Key(f"t.{quote(_identity(one.entity))}"), f"staging.{quote(one.entity)}"
    unknown_ids = f"SELECT DISTINCT {key.sql} FROM {table} t WHERE {one.is_unknown} ORDER BY 1 LIMIT {MOST_ROWS}"
    ids = select_keys(con, unknown_ids)
    put_keys(con, ids)
    con.execute(render("reject_unknown", **_names(one, now), rows=table, found=key.among(ids), judged="true"))


def find_among(con: duckdb.DuckDBPyConnection, one: Reference, staged: Staged, now: datetime) -> bool:
    """Judges anew only the rows of the parts that changed; False where more were or are unknown than are told of."""
    assert staged.rows is not None
    if _told(con, one) >= MOST_ROWS:
        return False
    found, judged = (key.in_parts(staged.parts) for key in (one.key("t."), Key("gid(source, source_id)")))
    con.execute(render("reject_unknown", **_names(one, now), rows=staged.rows, found=found, judged=judged))
    return _told(con, one) < MOST_ROWS


def _told(con: duckdb.DuckDBPyConnection, one: Reference) -> int:
    told = "SELECT count(*) FROM build.staging_finding WHERE kind = 'unknown' AND entity = ? AND starts_with(reason, ?)"
    ((rows,),) = con.execute(told, [one.entity, one.prefix]).fetchall()
    return int(rows)


def _names(one: Reference, now: datetime) -> dict[str, str]:
    names = {"field": quote(one.field), "id": quote(_identity(one.entity)), "is_unknown": one.is_unknown}
    told = {"entity": literal(one.entity), "prefix": literal(one.prefix), "now": instant(now)}
    return {**names, **told, "most": str(MOST_ROWS)}


@cache
def _identity(entity: str) -> str:
    """The field that names a row of the entity."""
    with open(ENTITIES, "rb") as file:
        fields: list[str] = list(tomllib.load(file)[entity])
    wanted = (f"{entity}_id", "line_id", "move_id", "production_id")
    return next((name for name in wanted if name in fields), fields[0])


def open_rows(con: duckdb.DuckDBPyConnection) -> list[tuple[Any, ...]]:
    """What stands open in landing, as far as a new version has to show it."""
    return con.execute(render("reject_state")).fetchall()
