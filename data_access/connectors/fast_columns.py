"""A SELECT as Arrow batches bring it exactly, and its batches turned into what the row-wise driver would have given."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

import pyarrow as pa

from data_access.connectors.arrow import column

_BIND = re.compile(r"(?<![:\w\\]):(\w+)(?!:)")
_AS_THEY_ARE = frozenset({"bool", "int2", "int4", "int8", "float8", "text", "varchar", "bpchar", "name"})
_INSTANTS = frozenset({"date", "timestamp", "timestamptz"})
# What Python's dates and instants hold; others, and infinity, come as the server writes them.
_OUTSIDE = "({0} < '0001-01-01' OR {0} >= '10000-01-01')"
_WRITTEN = "replace({0}::text, ' BC', ' (BC)')"


@dataclass(frozen=True)
class Way:
    """How one column travels: its expression over {0}, another for its odd values, and what is made of each value."""

    select: str = "{0}"
    odd: str | None = None
    load: Callable[[Any], Any] | None = None


@dataclass(frozen=True)
class Plan:
    """The query to run, and the columns its batches stand for."""

    query: str
    names: Sequence[str]
    ways: Sequence[Way]

    def table(self, batch: pa.RecordBatch) -> pa.Table:
        arrays, extras = batch.columns[: len(self.ways)], iter(batch.columns[len(self.ways) :])
        made = [
            _restored(array, way, next(extras) if way.odd else None)
            for array, way in zip(arrays, self.ways, strict=True)
        ]
        return pa.table(made, names=list(self.names))


def plan(statement: str, names: Sequence[str], kinds: Sequence[str | None], declared: Mapping[str, str]) -> Plan | None:
    """`kinds`: PostgreSQL type names, None for those the driver does not know; `declared`: column -> canonical type.
    None where a column has a type whose values would not come out the same."""
    ways = [_way(kind, declared.get(name, "")) for name, kind in zip(names, kinds, strict=True)]
    if any(way is None for way in ways):
        return None
    sure = [way for way in ways if way is not None]
    own = [f"c{i}" for i in range(len(sure))]
    selected = [way.select.format(name) for name, way in zip(own, sure, strict=True)]
    selected += [way.odd.format(name) for name, way in zip(own, sure, strict=True) if way.odd]
    return Plan(f"SELECT {', '.join(selected)} FROM ({statement}) q({', '.join(own)})", names, sure)


def inline(statement: str, bounds: Mapping[str, object]) -> str | None:
    """The statement for a driver without SQLAlchemy's text(): instants stand in it as literals, for COPY takes no
    parameters. None where a bound is anything else."""
    if not all(isinstance(value, datetime) for value in bounds.values()):
        return None
    filled = _BIND.sub(lambda match: f"TIMESTAMPTZ '{bounds[match.group(1)]}'", statement)
    return filled.replace("\\:", ":")


def _way(kind: str | None, declared: str) -> Way | None:
    if kind is None:  # enums, extensions' types: both drivers give the server's text
        return Way("{0}::text")
    if kind in _AS_THEY_ARE:
        return Way()
    if kind in _INSTANTS:
        odd = f"CASE WHEN {_OUTSIDE} THEN {_WRITTEN} END"
        return Way(f"CASE WHEN NOT {_OUTSIDE} THEN {{0}} END", odd)
    if kind == "numeric":
        exact = declared.startswith(("decimal", "integer"))
        return Way("{0}::text", load=None if exact else Decimal)
    return _OTHERS.get(kind)


_OTHERS = {
    "float4": Way("{0}::text::float8"),  # as its digits say, not as its 32 bits do
    "uuid": Way("{0}::text"),
    "json": Way("{0}::text", load=json.loads),
    "jsonb": Way("{0}::text", load=json.loads),
    "bytea": Way(load=bytes),
}


def _restored(array: pa.Array, way: Way, odd: pa.Array | None) -> pa.Array:
    if way.load is not None:
        return column([None if value is None else way.load(value) for value in array.to_pylist()])
    if odd is None or odd.null_count == len(odd):
        return array
    pairs = zip(array.to_pylist(), odd.to_pylist(), strict=True)
    return column([value if text is None else text for value, text in pairs])
