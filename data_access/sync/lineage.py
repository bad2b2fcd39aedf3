"""Which tables a SELECT reads, from DuckDB's own parser; order and origins of the models follow from that."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import Any

import duckdb

from data_access.errors import TandemError
from data_access.sync.partition import Partition, declared
from data_access.sync.sqltext import headers

MODELS = Path(__file__).parents[1] / "models"
FOLDERS = ("core", "marts")
_TABLE_MACRO = re.compile(r"MACRO\s+([\w.]+)\s*\([^)]*\)\s+AS\s+TABLE\s+(.*?);", re.IGNORECASE | re.DOTALL)


@dataclass(frozen=True)
class Model:
    """One SELECT that becomes `name` (schema.table), a table or a view; `inputs` are the tables it reads.

    `lookups` are inputs that only name or link what other inputs count: their age is not the age of its figures.
    """

    name: str
    sql: str
    kind: str
    inputs: frozenset[str]
    lookups: frozenset[str] = frozenset()
    partition: Partition | None = None

    @property
    def figures(self) -> frozenset[str]:
        return self.inputs - self.lookups


_known: dict[str, frozenset[str]] = {}


def tables_read(con: duckdb.DuckDBPyConnection, sql: str) -> frozenset[str]:
    """Tables and table functions of the SELECT, named as written; ValueError when it is not SQL."""
    if sql not in _known:
        _known[sql] = _parse(con, sql)
    return _known[sql]


def _parse(con: duckdb.DuckDBPyConnection, sql: str) -> frozenset[str]:
    row = con.execute("SELECT json_serialize_sql(?::VARCHAR)", [sql]).fetchone()
    parsed = json.loads(row[0]) if row else {"error": True, "error_message": "no answer"}
    if parsed.get("error"):
        raise ValueError(str(parsed.get("error_message", "")).split("\n")[0])
    return frozenset(_walk(parsed["statements"], frozenset()))


def _walk(node: Any, ctes: frozenset[str]) -> Iterator[str]:
    if isinstance(node, list):
        for item in node:
            yield from _walk(item, ctes)
        return
    if not isinstance(node, dict):
        return
    cte_map = node.get("cte_map")
    if isinstance(cte_map, dict):
        ctes = ctes | {entry["key"].lower() for entry in cte_map.get("map", [])}
    if node.get("type") == "BASE_TABLE":
        schema, table = node.get("schema_name", ""), node["table_name"]
        if schema or table.lower() not in ctes:
            yield f"{schema}.{table}".strip(".")
    if node.get("type") == "TABLE_FUNCTION" and isinstance(node.get("function"), dict):
        function = node["function"]
        if function.get("schema"):
            yield f"{function['schema']}.{function['function_name']}"
    for value in node.values():
        yield from _walk(value, ctes)


def table_macros(con: duckdb.DuckDBPyConnection, text: str) -> dict[str, frozenset[str]]:
    """Table macro -> the tables its body reads."""
    bare = re.sub(r"--[^\n]*", "", text)
    return {name: tables_read(con, body) for name, body in _TABLE_MACRO.findall(bare + ";")}


def load_models(con: duckdb.DuckDBPyConnection, folder: Path, macros: Mapping[str, frozenset[str]]) -> dict[str, Model]:
    """core/*.sql and marts/*.sql: stem -> table, folder -> schema."""
    models: dict[str, Model] = {}
    for schema in FOLDERS:
        for path in sorted((folder / schema).glob("*.sql")):
            sql = path.read_text(encoding="utf-8").strip().rstrip(";")
            try:
                read = tables_read(con, sql)
            except ValueError as error:
                raise TandemError(f"model {schema}/{path.name}: not one SELECT: {error}", "correct the file") from error
            inputs = read.union(*(macros[name] for name in read & macros.keys())) - macros.keys()
            known = headers(sql)
            lookups = frozenset(known.get("lookups", "").replace(",", " ").split())
            if not lookups <= inputs:
                raise TandemError(f"model {schema}/{path.name}: lookups names a table it does not read", "correct it")
            name, kind = f"{schema}.{path.stem}", known.get("materialize", "table")
            partition = declared(known)
            if partition and not partition.by.keys() <= inputs:
                raise TandemError(f"model {schema}/{path.name}: by names a table it does not read", "correct it")
            models[name] = Model(name, sql, kind, frozenset(inputs), lookups, partition)
    return models


def build_order(inputs: Mapping[str, frozenset[str]]) -> list[str]:
    """Nodes so that each comes after what it reads (names outside the mapping are given); TandemError on a cycle."""
    graph = {name: sorted(read & inputs.keys()) for name, read in sorted(inputs.items())}
    try:
        return list(TopologicalSorter(graph).static_order())
    except CycleError as error:
        raise TandemError(f"models read each other: {' -> '.join(error.args[1])}", "break the cycle") from error


def upstream(name: str, inputs: Mapping[str, frozenset[str]]) -> frozenset[str]:
    """Every table `name` derives from, itself included."""
    found: set[str] = set()
    todo = [name]
    while todo:
        table = todo.pop()
        if table not in found:
            found.add(table)
            todo.extend(inputs.get(table, ()))
    return frozenset(found)
