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


def unknown(con: duckdb.DuckDBPyConnection, content: Mapping[str, str], base: str, now: datetime) -> dict[str, Work]:
    """By reference, where one of its two sides changed: what renews the rows whose reference is not known."""
    query = "SELECT name, value FROM build.meta WHERE name LIKE 'reference %'"
    known = dict(con.execute(query).fetchall())
    read = {one: digest(base, content[f"staging.{one.entity}"], content[f"staging.{one.to}"]) for one in references()}
    return {one.name: partial(_renew, one, read[one], now) for one in references() if known.get(one.name) != read[one]}


def _renew(one: Reference, read: str, now: datetime, con: duckdb.DuckDBPyConnection) -> None:
    with transaction(con):
        _find(con, one, now)
        meta.keep(con, one.name, read)


def _find(con: duckdb.DuckDBPyConnection, one: Reference, now: datetime) -> None:
    """First which rows, by few columns: all of a row costs, and few are wrong."""
    same = "true" if one.any_source else "r.source = t.source"
    table, field, to, key = quote(one.entity), quote(one.field), quote(one.to), Key(f"t.{quote(_identity(one.entity))}")
    known = f"SELECT 1 FROM staging.{to} r WHERE {same}"
    is_unknown = (
        f"t.{field} IS NOT NULL AND EXISTS ({known}) AND NOT EXISTS ({known} AND r.{quote(one.column)} = t.{field})"
    )
    unknown_ids = f"SELECT DISTINCT {key.sql} FROM staging.{table} t WHERE {is_unknown} ORDER BY 1 LIMIT {MOST_ROWS}"
    ids = select_keys(con, unknown_ids)
    put_keys(con, ids)
    told = {"entity": literal(one.entity), "prefix": literal(f"{one.field}: {one.to} "), "now": instant(now)}
    names = {"table": table, "field": field, "id": quote(_identity(one.entity)), "most": str(MOST_ROWS)}
    con.execute(render("reject_unknown", **told, **names, found=key.among(ids), is_unknown=is_unknown))


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
