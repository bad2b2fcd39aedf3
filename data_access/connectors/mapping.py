"""Entity SQL: a profile's [entity.*] blocks as DuckDB SELECTs over landed streams, typed like entities.toml."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from data_access.connectors.findings import Parts, coverage, findings, literal, quote
from data_access.connectors.profile import EntityBlock, FieldMap, Profile, canonical_entities
from data_access.errors import ConfigError

Tables = Callable[[str], frozenset[str]]  # SQL -> names of the tables it reads


@dataclass(frozen=True)
class BlockSql:
    """One block of one source. `rows` selects the typed rows; `coverage` how values are mapped and `findings`, of the
    fields it makes suspects, what staging left out or could not map (see findings.py); `streams` are the landed streams
    they read."""

    source: str
    entity: str
    rows: str
    findings: Callable[[Collection[str]], str]
    coverage: str
    streams: frozenset[str]


def block_sql(source: str, profile: Profile, entity: str, block: EntityBlock, tables: Tables) -> BlockSql:
    """ConfigError when the block names a stream the profile does not have, or is not SQL."""
    where = f" WHERE {block.where}" if block.where else ""
    raw_fields = ", ".join(f"({spec.expression}) AS {quote(name)}" for name, spec in block.fields.items())
    raw = f"SELECT {raw_fields} FROM {block.from_}{where}"
    place = f"{profile.file.name}: entity.{entity}"
    try:
        used = tables(raw)
    except ValueError as error:
        raise ConfigError(f"{place}: not SQL: {error}", "correct from, where and the fields' expressions") from error
    for name in sorted(used - profile.stream.keys()):
        raise ConfigError(f"{place}: there is no stream {name}", f"known: {', '.join(profile.stream)}")
    views = ", ".join(f"{quote(name)} AS ({_live(source, profile, name)})" for name in sorted(used))
    columns = canonical_entities()[entity]
    typed = ", ".join(_typed(name, kind, block, profile) for name, kind in columns.items())
    ctes = f"WITH {views}, raw_ AS ({raw}), typed_ AS (SELECT {typed} FROM raw_)"
    needed = [name for name, kind in columns.items() if kind.endswith("!")]
    complete = " AND ".join(f"{quote(name)} IS NOT NULL" for name in needed) or "true"
    names = ", ".join(quote(name) for name in columns)
    rows = f"{ctes} SELECT {literal(source)} AS source, {names} FROM typed_ WHERE {complete}"

    def live(stream: str, more: str) -> str:
        return _live(source, profile, stream, more)

    def mapped(field: str) -> str:
        return _mapped(quote(field), block.fields[field], profile.map)

    parts = Parts(entity, block, profile, sorted(used), live, mapped)
    return BlockSql(source, entity, rows, partial(findings, parts, needed), coverage(parts), frozenset(used))


def empty_rows(entity: str) -> str:
    """The SELECT of an entity no source fills."""
    columns = (
        f"NULL::{kind.removesuffix('!')} AS {quote(name)}" for name, kind in canonical_entities()[entity].items()
    )
    return f"SELECT NULL::VARCHAR AS source, {', '.join(columns)} WHERE false"


def union(blocks: Sequence[BlockSql], entity: str) -> str:
    return " UNION ALL ".join(f"(SELECT * FROM ({block.rows}))" for block in blocks) or empty_rows(entity)


def _live(source: str, profile: Profile, stream: str, more: str = "") -> str:
    columns = ", ".join(quote(name) for name in profile.stream[stream].columns)
    return f"SELECT {columns}{more} FROM landing.{quote(f'{source}__{stream}')} WHERE _deleted_at IS NULL"


def _mapped(value: str, spec: FieldMap, maps: Mapping[str, Mapping[str, str]]) -> str:
    if spec.map is None:
        return value
    known = maps[spec.map]
    cases = [f"WHEN {value}::VARCHAR = {literal(key)} THEN {literal(to)}" for key, to in known.items() if key != "*"]
    if "*" in known:
        cases.append(f"WHEN {value} IS NOT NULL THEN {literal(known['*'])}")
    return f"CASE {' '.join(cases)} END" if cases else "NULL"


def _typed(name: str, kind: str, block: EntityBlock, profile: Profile) -> str:
    plain, spec = kind.removesuffix("!"), block.fields.get(name)
    if spec is None:
        return f"NULL::{plain} AS {quote(name)}"
    return f"TRY_CAST({_mapped(quote(name), spec, profile.map)} AS {plain}) AS {quote(name)}"
