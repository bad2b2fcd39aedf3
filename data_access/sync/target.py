"""A landing table and the SQL fragments of its stream: how each value is cast, and what is wrong with it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, field

import pyarrow as pa

from data_access.connectors.arrow import CELL_ERROR, NOT_TEXT
from data_access.connectors.base import CURSOR_COLUMN
from data_access.connectors.profile import Stream
from data_access.sync.sqltext import in_calendar, literal, quote

# Settings that change no landed value.
NOT_LANDED = {"sweep_every", "overlap", "full_every", "optional", "on_new_column", "reconcile"}
MARKS = NOT_TEXT + CELL_ERROR
BEFORE_CHRIST = "ends_with({}::VARCHAR, ' BC')"  # as PostgreSQL writes it; DuckDB would read the day without that
# An instant written to the second and without a zone is UTC: said so, DuckDB reads it in half the time.
_PLAIN = "(length({0}::VARCHAR) = 19 AND ({0}::VARCHAR)[17] = ':' AND ({0}::VARCHAR)[19] BETWEEN '0' AND '9')"
INSTANT = (
    f"CASE WHEN {_PLAIN} THEN TRY_CAST(({{0}}::VARCHAR || '+00') AS TIMESTAMPTZ)"
    f" WHEN NOT {BEFORE_CHRIST.format('{0}')} THEN TRY_CAST({{0}} AS TIMESTAMPTZ) END"
)
CHANGED_AT = in_calendar(INSTANT.format("s._cursor"))


@dataclass(frozen=True)
class Target:
    """One landing table and the SQL fragments of its stream; `read_by`: what else its rows depend on."""

    source: str
    stream: str
    spec: Stream
    read_by: str = ""
    table: str = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "table", f"landing.{quote(f'{self.source}__{self.stream}')}")

    @property
    def mapping(self) -> str:
        """Changes exactly when landed values could: then the stream is read again from the start."""
        plain = self.spec.model_dump(exclude=NOT_LANDED, exclude_defaults=True)
        text = json.dumps(plain, sort_keys=True, default=str) + self.read_by
        return hashlib.blake2b(text.encode(), digest_size=8).hexdigest()

    def casts(self, columns: list[str]) -> str:
        """Canonical values of columns of arrow_page `s`."""
        return _named((name, _value(name, self.spec, f"s.{quote(name)}")) for name in columns)

    def page(self, page: pa.Table) -> dict[str, str]:
        """The parts of page_type.sql for this page: values whose Arrow type says them exactly are taken as they are,
        others are cast and then checked."""
        spec = self.spec
        kinds = dict(zip(page.schema.names, page.schema.types, strict=True))
        exact = {name for name, column in spec.columns.items() if _is_exact(kinds.get(name), column.type)}
        casts = ((name, _cast(name, spec, sure=name in exact)) for name in spec.columns)
        values = (
            (name, quote(name) if name in exact else _value(name, spec, f"_row.{quote(name)}", quote(name)))
            for name in spec.columns
        )
        told = [each for name in spec.columns for each in _problems(name, spec, exact=name in exact)]
        told += [(f"_row.{quote(key)} IS NULL", literal(f"key {key} is NULL")) for key in spec.key]
        return {
            "casts": _named(casts),
            "values": _named(values),
            "changed_at": "s._cursor::TIMESTAMPTZ" if _is_exact(kinds.get(CURSOR_COLUMN), "timestamp") else CHANGED_AT,
            "place": "s._place" if spec.files is not None else "NULL",
            "wrong": " OR ".join(f"({wrong})" for wrong, _ in told),
            "problems": ", ".join(f"CASE WHEN {wrong} THEN {text} END" for wrong, text in told),
            "key": self.key(),
            "marks": literal(MARKS),
        }

    def key(self) -> str:
        if len(self.spec.key) == 1:
            return f"{quote(self.spec.key[0])}::VARCHAR"
        parts = (f"replace(replace({quote(key)}::VARCHAR, '\\', '\\\\'), '|', '\\|')" for key in self.spec.key)
        return " || '|' || ".join(parts)


def in_utc(page: pa.Table, spec: Stream) -> pa.Table:
    """Instants without a zone are UTC, and said so: DuckDB is slow to find that out."""

    def told(field: pa.Field) -> pa.Field:
        column = spec.columns.get(field.name)
        instant = field.name == CURSOR_COLUMN or (column is not None and column.type == "timestamp")
        naive = pa.types.is_timestamp(field.type) and field.type.tz is None
        return field.with_type(pa.timestamp(field.type.unit, "UTC")) if instant and naive else field

    return page.cast(pa.schema([told(field) for field in page.schema], page.schema.metadata))


def _is_exact(kind: pa.DataType | None, declared: str) -> bool:
    """Whether each value of the Arrow type is one of the canonical type."""
    types = pa.types
    checks = {
        "text": types.is_string, "integer": types.is_signed_integer, "boolean": types.is_boolean,
        "date": types.is_date32, "timestamp": types.is_timestamp,
    }  # fmt: skip
    return kind is not None and declared in checks and bool(checks[declared](kind))


def _named(values: Iterable[tuple[str, str]]) -> str:
    return ", ".join(f"{value} AS {quote(name)}" for name, value in values)


def _cast(name: str, spec: Stream, *, sure: bool = False) -> str:
    column, raw = spec.columns[name], f"s.{quote(name)}"
    if sure:
        return f"CAST({raw} AS {column.duckdb_type})"
    cast = f"TRY_CAST({raw} AS {column.duckdb_type})"
    if column.type == "timestamp":
        return INSTANT.format(raw)
    if column.type == "date":
        return f"CASE WHEN NOT {BEFORE_CHRIST.format(raw)} THEN {cast} END"
    return cast


def _value(name: str, spec: Stream, raw: str, cast: str | None = None) -> str:
    """The canonical value of `raw`, NULL where it cannot be one; `cast`: where its bare cast already stands."""
    column = spec.columns[name]
    cast = cast or _cast(name, spec)
    if column.type == "integer":  # a cast alone would round 3.7 to 4
        digits = f"WHEN regexp_full_match({raw}, '-?[0-9]+') THEN {cast} " if spec.files is not None else ""  # quicker
        return f"CASE {digits}WHEN TRY_CAST({raw} AS DECIMAL(38,9)) = {cast} THEN {cast} END"
    if column.type == "double":
        return f"CASE WHEN isfinite({cast}) THEN {cast} END"
    if column.type in ("date", "timestamp"):
        return in_calendar(cast, column.duckdb_type)
    return cast


def _problems(name: str, spec: Stream, *, exact: bool) -> list[tuple[str, str]]:
    """Conditions on a row under which the column's value is wrong, each with the SQL text that says so."""
    raw, kind = f"_row.{quote(name)}", spec.columns[name].type
    if kind == "text":
        marks = {NOT_TEXT: "UTF-8"} | ({CELL_ERROR: "a value"} if spec.files is not None else {})
        cases = {f"starts_with({raw}::VARCHAR, {literal(mark)})": says for mark, says in marks.items()}
    else:
        cases = {} if exact else {f"{raw} IS NOT NULL AND {quote(name)} IS NULL": kind}
    shown = f"left(ltrim({raw}::VARCHAR, {literal(MARKS)}), 80)"
    return [
        (wrong, f"{literal(name + ': ')} || {shown} || {literal(f' is not {says}')}") for wrong, says in cases.items()
    ]
