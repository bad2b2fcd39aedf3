"""What staging leaves out of an entity's block, or cannot map, and how its values are mapped: as DuckDB SELECTs."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from data_access.connectors.profile import EntityBlock, Profile, canonical_entities

LANDED_KEY = "_landed_key"
VALUES_SHOWN = 200
_PRIMARY = re.compile(r"^\s*(\w+)(?:\s+(?:AS\s+)?(\w+))?", re.IGNORECASE)
_NO_ALIAS = {"join", "left", "inner", "cross", "asof", "full", "right", "natural", "where", "semi", "anti"}
_JOIN = re.compile(
    r"(?P<outer>\b(?:LEFT|RIGHT|FULL|OUTER|CROSS|ASOF|SEMI|ANTI)\s+)?\bJOIN\s+(?P<stream>\w+)\s+(?P<alias>\w+)\s+"
    r"ON\s+(?P<a>\w+)\.(?P<x>\w+)\s*=\s*(?P<b>\w+)\.(?P<y>\w+)(?=\s*$|\s+(?:LEFT|INNER|CROSS|ASOF|JOIN)\b)",
    re.IGNORECASE,
)


def quote(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


@dataclass(frozen=True)
class Parts:
    """A block taken apart. `live` gives the SELECT of a stream's live rows (with extra columns); `mapped` the value of
    a field after its map; `streams` the streams it reads."""

    entity: str
    block: EntityBlock
    profile: Profile
    streams: Sequence[str]
    live: Callable[[str, str], str]
    mapped: Callable[[str], str]

    @property
    def primary(self) -> tuple[str, str] | None:
        """(stream, alias) of the first table, where it is a stream."""
        found = _PRIMARY.match(self.block.from_)
        if found is None or found[1] not in self.streams:
            return None
        alias = found[2]
        return found[1], found[1] if alias is None or alias.lower() in _NO_ALIAS else alias

    @property
    def identity(self) -> str:
        """The field that names a row."""
        fields = self.block.fields
        wanted = (f"{self.entity}_id", "line_id", "move_id", "production_id")
        named = [name for name in wanted if name in fields] + [name for name in fields if name.endswith("_id")]
        return quote(named[0] if named else next(iter(fields)))

    def kind(self, field: str) -> str:
        return canonical_entities()[self.entity][field].removesuffix("!")

    def typed(self, field: str) -> str:
        return f"TRY_CAST({self.mapped(field)} AS {self.kind(field)})"

    def raw(self) -> str:
        """WITH raw_: every field as the profile's expression gives it, and the landed key of the first stream."""
        first = self.primary
        views = ", ".join(
            f"{quote(name)} AS ({self.live(name, f', _key AS {LANDED_KEY}' if first and name == first[0] else '')})"
            for name in self.streams
        )
        where = f" WHERE {self.block.where}" if self.block.where else ""
        fields = ", ".join(f"({spec.expression}) AS {quote(name)}" for name, spec in self.block.fields.items())
        key = f"{first[1]}.{LANDED_KEY}" if first else "NULL::VARCHAR"
        return f"WITH {views}, raw_ AS (SELECT {fields}, {key} AS {LANDED_KEY} FROM {self.block.from_}{where})"


def findings(parts: Parts, needed: Sequence[str], suspects: Collection[str]) -> str:
    """SELECT kind, reason, source_id, landed_key, payload, rows. Kind rejected: rows that lack a needed column or the
    row they are joined with, one each, at most 1000 a reason; unmapped: values without a mapping, counted by value.
    `suspects`: the fields that not every row has a canonical value of; the others lack and lose nothing."""
    selects = [_lacking(parts, name) for name in needed if name in suspects]
    selects += [lost for name in parts.block.fields if name in suspects and (lost := _lost(parts, name))]
    selects += _orphans(parts)
    nothing = "SELECT '' AS kind, '' AS reason, '' AS source_id, '' AS landed_key, '' AS payload, 0 AS rows WHERE false"
    return f"{parts.raw()} {' UNION ALL '.join(selects) or nothing}"


def _lacking(parts: Parts, name: str) -> str:
    payload = ", ".join(f"{literal(field)}: {quote(field)}" for field in parts.block.fields)
    return (
        f"(SELECT 'rejected' AS kind, {literal(name + ' is missing')} AS reason, "
        f"coalesce({parts.identity}::VARCHAR, '') AS source_id, {LANDED_KEY} AS landed_key, "
        f"left(to_json({{{payload}}})::VARCHAR, 4000) AS payload, 1 AS rows "
        f"FROM raw_ WHERE {parts.typed(name)} IS NULL LIMIT 1000)"
    )


def _lost(parts: Parts, name: str) -> str:
    value, kind, spec = quote(name), parts.kind(name), parts.block.fields[name]
    if spec.map is not None and "*" not in parts.profile.map[spec.map]:
        text, lost = f"{name}: no mapping in map.{spec.map} for ", f"{parts.mapped(name)} IS NULL"
    elif spec.map is None and kind != "VARCHAR":
        text, lost = f"{name}: not {kind}: ", f"{parts.typed(name)} IS NULL"
    else:
        return ""
    return (
        f"(SELECT 'unmapped' AS kind, {literal(text)} || left({value}::VARCHAR, 80) AS reason, '' AS source_id, "
        f"NULL AS landed_key, '' AS payload, count(*) AS rows "
        f"FROM raw_ WHERE {value} IS NOT NULL AND {lost} GROUP BY ALL LIMIT 100)"
    )


def _orphans(parts: Parts) -> list[str]:
    """Rows of the first stream that an inner join on a plain equality leaves out: what they belong to is not there."""
    first = parts.primary
    if first is None or parts.block.where:
        return []
    stream, alias = first
    payload = ", ".join(f"{literal(name)}: {alias}.{quote(name)}" for name in parts.profile.stream[stream].columns)
    made = []
    for join in _JOIN.finditer(parts.block.from_):
        sides = {join["a"]: join["x"], join["b"]: join["y"]}
        if join["outer"] or join["stream"] not in parts.streams or sides.keys() != {alias, join["alias"]}:
            continue
        own, other = quote(sides[alias]), quote(sides[join["alias"]])
        made.append(
            f"(SELECT 'rejected' AS kind, {literal(join['stream'] + ' is missing')} AS reason, "
            f"{alias}.{LANDED_KEY} AS source_id, {alias}.{LANDED_KEY} AS landed_key, "
            f"left(to_json({{{payload}}})::VARCHAR, 4000) AS payload, 1 AS rows "
            f"FROM {quote(stream)} {alias} WHERE {alias}.{own} NOT IN "
            f"(SELECT {other} FROM {quote(join['stream'])} WHERE {other} IS NOT NULL) LIMIT 1000)"
        )
    return made


def coverage(parts: Parts) -> str:
    """SELECT kind, field, map, source_value, canonical, rows, filled, mapped, sample. Kind field: one row a field, its
    source_value is the profile's expression; kind value: one row a value of a mapped field. filled: rows with a value;
    mapped: those that became a canonical one; sample: ids of five rows that did not."""
    summaries = ", ".join(
        _entry("field", name, literal(spec.expression), "NULL::VARCHAR", f"count({quote(name)})",
               f"count({parts.typed(name)})", f"min({parts.identity}::VARCHAR, 5) FILTER "
               f"(WHERE {quote(name)} IS NOT NULL AND {parts.typed(name)} IS NULL)", spec.map)
        for name, spec in parts.block.fields.items()
    )  # fmt: skip
    selects = [f"SELECT unnest([{summaries}], recursive := true) FROM raw_"]
    for name, spec in parts.block.fields.items():
        if spec.map is not None:
            value, mapped = f"{quote(name)}::VARCHAR", parts.mapped(name)
            sample = f"CASE WHEN count({mapped}) = 0 THEN min({parts.identity}::VARCHAR, 5) END"
            entry = _entry("value", name, "value", "canonical", "count(*)", f"count({mapped})", sample, spec.map)
            selects.append(
                f"SELECT unnest([entry], recursive := true) FROM (SELECT left({value}, 200) AS value, "
                f"{mapped} AS canonical, {entry} AS entry FROM raw_ WHERE {quote(name)} IS NOT NULL "
                f"GROUP BY 1, 2 ORDER BY count(*) DESC LIMIT {VALUES_SHOWN})"
            )
    return f"{parts.raw()} {' UNION ALL '.join(f'({each})' for each in selects)}"


def _entry(
    kind: str, field: str, value: str, canonical: str, filled: str, mapped: str, sample: str, map_: str | None
) -> str:
    return (
        f"{{'kind': {literal(kind)}, 'field': {literal(field)}, 'map': {literal(map_) if map_ else 'NULL::VARCHAR'}, "
        f"'source_value': {value}, 'canonical': {canonical}, 'rows': count(*), 'filled': {filled}, 'mapped': {mapped}, "
        f"'sample': to_json({sample})::VARCHAR}}"
    )
