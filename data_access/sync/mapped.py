"""How well the values of mapped fields are mapped: one rule a field, judged from what staging has counted."""

from __future__ import annotations

import json

import duckdb

from data_access.sync.sqltext import render

Row = tuple[str, str, str, int, int, str | None]  # entity, field, sources, rows filled, mapped, unmapped values as JSON


def coverage(con: duckdb.DuckDBPyConnection) -> list[Row]:
    """Every field with a map, and every other one that lost a value."""
    return con.execute(render("mapping_coverage")).fetchall()


def titles(entity: str, field: str) -> tuple[str, str]:
    """The rule's title in English and Chinese."""
    return f"Every value of {entity}.{field} is mapped", f"{entity}.{field} 的取值都有映射"


def sample(values: str | None) -> str:
    """The values without a mapping as {id, why}."""
    found = json.loads(values or "[]")
    return json.dumps([{"id": each["value"], "why": f"{each['rows']} rows"} for each in found], ensure_ascii=False)
