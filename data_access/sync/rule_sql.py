"""A rule as one SELECT of its failing rows (id, why), and one of the number of rows it looks at."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from data_access.rules import (
    AnyRule,
    CrossSystem,
    Freshness,
    NotNull,
    Range,
    Reference,
    Regex,
    Side,
    SqlFile,
    Unique,
    Volume,
)
from data_access.sync.sqltext import literal, render

VOLUME_DAYS, VOLUME_WEEKS, VOLUME_POINTS = 7, 26, 14


def failing(rule: AnyRule) -> str:
    """SELECT id, why: one row for each row (pair, group, day) that fails. Of sql rules: the file's own columns."""
    made: str = _MAKERS[type(rule)](rule)
    return made


def checked(rule: AnyRule) -> str | None:
    """SELECT count(*) of what the rule looks at; None where that cannot be known."""
    if isinstance(rule, CrossSystem):
        return f"{_sides(rule)} SELECT count(*) FROM pair"
    if isinstance(rule, Volume):
        return _volume(rule).replace("SELECT id, why FROM judged WHERE strange", "SELECT count(*) FROM judged")
    if isinstance(rule, SqlFile):
        where = f" WHERE {rule.where}" if rule.where else ""
        return f"SELECT count(*) FROM {rule.table}{where}" if rule.table else None
    if isinstance(rule, Freshness):
        return f"SELECT count(DISTINCT {rule.per or literal(rule.table)}) FROM {rule.table} WHERE {_where(rule)}"
    known = _known(*rule.column) if isinstance(rule, Unique) else _known(rule.column)
    if isinstance(rule, NotNull):
        known = "true"
    return f"SELECT count(*) FROM {rule.table} WHERE {_where(rule)} AND {known}"


def _where(rule: Any) -> str:
    return f"({rule.where})" if rule.where else "true"


def _known(*columns: str) -> str:
    return " AND ".join(f"({column}) IS NOT NULL" for column in columns)


def _rows(rule: Any, why: str, fails: str) -> str:
    return f"SELECT {rule.key} AS id, {why} AS why FROM {rule.table} WHERE {_where(rule)} AND {fails}"


def _not_null(rule: NotNull) -> str:
    empty = f"nullif(trim(({rule.column})::VARCHAR), '') IS NULL"
    return _rows(rule, literal(f"{rule.column} is missing"), empty)


def _unique(rule: Unique) -> str:
    columns = ", ".join(rule.column)
    times = f"count(*) OVER (PARTITION BY {columns})"
    inner = (
        f"SELECT {rule.key} AS id, concat_ws(' / ', {columns}) AS value, {times} AS times FROM {rule.table} "
        f"WHERE {_where(rule)} AND {_known(*rule.column)}"
    )
    return f"SELECT id, value || ' occurs ' || times || ' times' AS why FROM ({inner}) WHERE times > 1"


def _reference(rule: Reference) -> str:
    table, _, column = rule.to.rpartition(".")
    unknown = f"({rule.column}) NOT IN (SELECT {column} FROM {table} WHERE {column} IS NOT NULL)"
    why = f"({rule.column})::VARCHAR || {literal(f' is not in {table}')}"
    return _rows(rule, why, f"{_known(rule.column)} AND {unknown}")


def _range(rule: Range) -> str:
    limits = [("<", rule.min, "below"), (">", rule.max, "above")]
    outside = " OR ".join(f"({rule.column}) {sign} ({limit})" for sign, limit, _ in limits if limit is not None)
    told = " or ".join(f"{word} {limit}" for _, limit, word in limits if limit is not None)
    why = f"{literal(f'{rule.column} is ')} || ({rule.column})::VARCHAR || {literal(f', {told}')}"
    return _rows(rule, why, f"({outside})")


def _regex(rule: Regex) -> str:
    why = f"{literal(f'{rule.column} is ')} || left(({rule.column})::VARCHAR, 80)"
    matches = f"regexp_full_match(({rule.column})::VARCHAR, {literal(rule.pattern)})"
    return _rows(rule, why, f"{_known(rule.column)} AND NOT {matches}")


def _sides(rule: CrossSystem) -> str:
    left, right = _side(rule.left), _side(rule.right)
    joined = "SELECT l.id, l.value AS a, r.value AS b FROM l JOIN r ON r.id = l.id"
    return f"WITH l AS ({left}), r AS ({right}), pair AS ({joined} WHERE a IS NOT NULL AND b IS NOT NULL)"


def _side(side: Side) -> str:
    where = f" WHERE {side.where}" if side.where else ""
    return f"SELECT {side.key} AS id, {side.value} AS value FROM {side.from_}{where} GROUP BY ALL"


def _cross_system(rule: CrossSystem) -> str:
    differ = f"abs(a - b) > {rule.tolerance}" if rule.tolerance else "a <> b"
    return f"{_sides(rule)} SELECT id, a::VARCHAR || ' against ' || b::VARCHAR AS why FROM pair WHERE {differ}"


def _freshness(rule: Freshness) -> str:
    name = f"({rule.per})::VARCHAR" if rule.per else literal(rule.table)
    newest = f"max(({rule.column})::DATE)"
    old = f"{newest} < (SELECT today FROM staging.company) - {rule.within_days}"
    return (
        f"SELECT {name} AS id, 'newest is of ' || {newest} AS why FROM {rule.table} WHERE {_where(rule)} "
        f"GROUP BY {name} HAVING {old}"
    )


def _volume(rule: Volume) -> str:
    return render(
        "rule_volume", table=rule.table, column=rule.column, where=_where(rule),
        days=str(VOLUME_DAYS), history=str(7 * VOLUME_WEEKS), points=str(VOLUME_POINTS),
    )  # fmt: skip


_MAKERS: dict[type[Any], Callable[[Any], str]] = {
    NotNull: _not_null,
    Unique: _unique,
    Reference: _reference,
    Range: _range,
    Regex: _regex,
    CrossSystem: _cross_system,
    Freshness: _freshness,
    Volume: _volume,
    SqlFile: lambda rule: rule.text,
}
