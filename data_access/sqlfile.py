"""One question a file: SQL read from data_access/queries with its header, parameters and tables."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from data_access.errors import QueryError

QUERIES = Path(__file__).with_name("queries")
_HEADER = re.compile(r"^--\s*(doc|grain|scope|lookups):\s*(.*)$")
_engine_lock = threading.Lock()
_engine: list[Any] = []


@dataclass(frozen=True)
class Query:
    """A query file. `scope` names the output column row rights filter on, None when it has none;
    `tables` are the schema-qualified tables (and table macros) it reads; `lookups` those of them that only name
    what the others count, so that their age is not the age of the figures."""

    name: str
    sql: str
    doc: str
    grain: str
    scope: str | None
    parameters: frozenset[str]
    tables: frozenset[str]
    lookups: frozenset[str] = frozenset()


@lru_cache(maxsize=512)
def load_query(name: str, folder: Path = QUERIES) -> Query:
    """The file <folder>/<name>.sql; QueryError when it is missing, has no header or is not one SELECT."""
    path = folder / f"{name}.sql"
    if ".." in name or not path.is_file():
        raise QueryError(f'there is no query "{name}"', f"queries live in {folder.name}/<page>/<question>.sql")
    text = path.read_text(encoding="utf-8")
    found = [match for line in text.splitlines() if (match := _HEADER.match(line.strip()))]
    header = {match.group(1): match.group(2) for match in found}
    if not header.get("doc") or not header.get("grain"):
        raise QueryError(f'query "{name}" lacks its header', "begin it with -- doc: ... and -- grain: ...")
    tables = tables_of(text)
    lookups = frozenset(header.get("lookups", "").replace(",", " ").split())
    if not lookups <= tables:
        raise QueryError(f'query "{name}": lookups names a table it does not read', "correct the header")
    return Query(
        name=name,
        sql=text.strip().rstrip(";"),
        doc=header["doc"],
        grain=header["grain"],
        scope=header.get("scope") or None,
        parameters=parameters_of(text),
        tables=tables,
        lookups=lookups,
    )


def check_arguments(query: Query, given: Iterable[str]) -> None:
    """QueryError when an argument is missing or unknown."""
    names = frozenset(given)
    if missing := sorted(query.parameters - names):
        raise QueryError(f'query "{query.name}" needs {", ".join(missing)}', "pass every $parameter of the file")
    if unknown := sorted(names - query.parameters):
        known = ", ".join(sorted(query.parameters)) or "none"
        raise QueryError(f'query "{query.name}" does not take {", ".join(unknown)}', f"it takes: {known}")


def parameters_of(sql: str) -> frozenset[str]:
    """Names of the $named parameters of the one statement in `sql`."""
    import duckdb

    try:
        with _engine_lock:
            statements = _scratch().extract_statements(sql)
    except duckdb.Error as error:
        raise QueryError(f"SQL cannot be parsed: {error}") from error
    if len(statements) != 1:
        raise QueryError(f"expected one SQL statement, found {len(statements)}")
    return frozenset(statements[0].named_parameters)


def tables_of(sql: str) -> frozenset[str]:
    """Schema-qualified tables and table functions a SELECT reads, worked out without binding it."""
    with _engine_lock:
        row = _scratch().execute("SELECT json_serialize_sql(?)", [sql]).fetchone()
    tree = json.loads(row[0])
    if tree.get("error"):
        raise QueryError(f"SQL cannot be read: {tree.get('error_message')}", "a query file holds one SELECT")
    found: set[str] = set()
    _collect(tree, found)
    return frozenset(found)


def _collect(node: object, found: set[str]) -> None:
    if isinstance(node, Mapping):
        kind = node.get("type")
        if kind == "BASE_TABLE" and node.get("schema_name"):
            found.add(f"{node['schema_name']}.{node['table_name']}".lower())
        elif kind == "TABLE_FUNCTION" and isinstance(node.get("function"), Mapping) and node["function"].get("schema"):
            found.add(f"{node['function']['schema']}.{node['function']['function_name']}".lower())
        for value in node.values():
            _collect(value, found)
    elif isinstance(node, list):
        for value in node:
            _collect(value, found)


def _scratch() -> Any:
    """One in-memory engine for parsing; callers hold the lock."""
    if not _engine:
        import duckdb

        _engine.append(
            duckdb.connect(
                ":memory:",
                config={"threads": 1, "autoinstall_known_extensions": "false", "autoload_known_extensions": "false"},
            )
        )
    return _engine[0]
