"""A landing table and the SQL fragments of its stream: how each value is cast, and what is wrong with it."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field

from data_access.connectors.arrow import CELL_ERROR, NOT_TEXT
from data_access.connectors.profile import Stream
from data_access.sync.sqltext import in_calendar, literal, quote

# Settings that change no landed value.
NOT_LANDED = {"sweep_every", "overlap", "full_every", "optional", "on_new_column", "reconcile"}
MARKS = NOT_TEXT + CELL_ERROR


@dataclass(frozen=True)
class Target:
    """One landing table and the SQL fragments of its stream."""

    source: str
    stream: str
    spec: Stream
    table: str = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "table", f"landing.{quote(f'{self.source}__{self.stream}')}")

    @property
    def mapping(self) -> str:
        """Changes exactly when landed values could: then the stream is read again from the start."""
        plain = self.spec.model_dump(exclude=NOT_LANDED, exclude_defaults=True)
        text = json.dumps(plain, sort_keys=True, default=str)
        return hashlib.blake2b(text.encode(), digest_size=8).hexdigest()

    def casts(self, columns: list[str]) -> str:
        return ", ".join(f"{_cast(name, self.spec)} AS {quote(name)}" for name in columns)

    def problems(self) -> str:
        """One text per column that came with a value its type cannot hold or with bytes that are no text, and per
        missing key column."""
        texts = [_problem(name, self.spec) for name in self.spec.columns]
        texts += [f"CASE WHEN s.{quote(key)} IS NULL THEN {literal(f'key {key} is NULL')} END" for key in self.spec.key]
        return ", ".join(texts)

    def key(self) -> str:
        if len(self.spec.key) == 1:
            return f"{quote(self.spec.key[0])}::VARCHAR"
        parts = (f"replace(replace({quote(key)}::VARCHAR, '\\', '\\\\'), '|', '\\|')" for key in self.spec.key)
        return " || '|' || ".join(parts)


def _cast(name: str, spec: Stream) -> str:
    column, value = spec.columns[name], f"s.{quote(name)}"
    cast = f"TRY_CAST({value} AS {column.duckdb_type})"
    if column.type == "integer":  # a cast alone would round 3.7 to 4
        digits = (
            f"WHEN regexp_full_match({value}, '-?[0-9]+') THEN {cast} " if spec.files is not None else ""
        )  # quicker
        return f"CASE {digits}WHEN TRY_CAST({value} AS DECIMAL(38,9)) = {cast} THEN {cast} END"
    if column.type == "double":
        return f"CASE WHEN isfinite({cast}) THEN {cast} END"
    if column.type in ("date", "timestamp"):
        return in_calendar(cast)
    return cast


def _problem(name: str, spec: Stream) -> str:
    value, kind = f"s.{quote(name)}", spec.columns[name].type
    shown = f"left(ltrim({value}::VARCHAR, {literal(MARKS)}), 80)"
    if kind != "text":
        cases = {f"{value} IS NOT NULL AND {_cast(name, spec)} IS NULL": kind}
    else:
        cases = {f"starts_with({value}::VARCHAR, {literal(NOT_TEXT)})": "UTF-8"}
        if spec.files is not None:
            cases[f"starts_with({value}::VARCHAR, {literal(CELL_ERROR)})"] = "a value"
    told = (
        f"WHEN {wrong} THEN {literal(name + ': ')} || {shown} || {literal(f' is not {says}')}"
        for wrong, says in cases.items()
    )
    return f"CASE {' '.join(told)} END"
