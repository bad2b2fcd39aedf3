"""A SELECT as Arrow batches bring it exactly, and its batches turned into what the row-wise driver would have given."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import pyarrow as pa

from data_access.connectors.arrow import column

_BIND = re.compile(r"(?<![:\w\\]):(\w+)(?!:)")
_AS_THEY_ARE = frozenset({"bool", "int2", "int4", "int8", "float8", "text", "varchar", "bpchar", "name", "bytea"})
_AS_TEXT = frozenset({"numeric", "uuid", "json", "jsonb"})
_INSTANTS = frozenset({"date", "timestamp", "timestamptz"})
# What Python's dates and instants hold; others, and infinity, come as the server writes them.
_OUTSIDE = "({0} < '0001-01-01' OR {0} >= '10000-01-01')"


@dataclass(frozen=True)
class Way:
    """How one column travels: its expression over {0}, and another for its odd values."""

    select: str = "{0}"
    odd: str | None = None


@dataclass(frozen=True)
class Plan:
    """The query to run, and the columns its batches stand for."""

    query: str
    names: Sequence[str]
    ways: Sequence[Way]

    def table(self, batch: pa.RecordBatch) -> pa.Table:
        arrays, extras = batch.columns[: len(self.ways)], iter(batch.columns[len(self.ways) :])
        made = [
            _restored(array, next(extras) if way.odd else None) for array, way in zip(arrays, self.ways, strict=True)
        ]
        return pa.table(made, names=list(self.names))


def plan(statement: str, names: Sequence[str], kinds: Sequence[str | None]) -> Plan | None:
    """`kinds`: PostgreSQL type names, None for those the driver does not know. None where a column has a type whose
    values would not come out the same."""
    ways = [_way(kind) for kind in kinds]
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


def _way(kind: str | None) -> Way | None:
    if kind is None or kind in _AS_TEXT:  # None: enums, extensions' types
        return Way("{0}::text")
    if kind in _AS_THEY_ARE:
        return Way()
    if kind in _INSTANTS:
        odd = f"CASE WHEN {_OUTSIDE} THEN {{0}}::text END"
        return Way(f"CASE WHEN NOT {_OUTSIDE} THEN {{0}} END", odd)
    return Way("{0}::text::float8") if kind == "float4" else None  # as its digits say, not as its 32 bits do


def _restored(array: pa.Array, odd: pa.Array | None) -> pa.Array:
    if pa.types.is_binary(array.type):
        return column(array.to_pylist())
    if odd is None or odd.null_count == len(odd):
        return array
    pairs = zip(array.to_pylist(), odd.to_pylist(), strict=True)
    return column([value if text is None else text for value, text in pairs])
