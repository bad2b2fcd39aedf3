"""What a published version says about itself: its tables with the sources they derive from, and how old those are."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from importlib.metadata import PackageNotFoundError, version
from typing import Any

import duckdb

from data_access.clock import iso
from data_access.config import Company
from data_access.state import State
from data_access.sync import made, ops
from data_access.sync.build import BuildResult
from data_access.sync.made import Made
from data_access.sync.publish import Manifest
from data_access.sync.sources import OpenSource


def manifest_of(
    con: duckdb.DuckDBPyConnection,
    company: Company,
    opened: Sequence[OpenSource],
    state: State,
    built: BuildResult,
    today: date,
    now: datetime,
    content: str,
) -> Manifest:
    """The manifest but version, file and schema_version."""
    models = {name: each for name, each in sorted(made.known(con).items()) if each.kind != "staging"}
    tables = {name: _table(each, built.sources_of(name)) for name, each in models.items()}
    names = [each.config.name for each in opened]
    for table in ops.OPS_TABLES:
        read = names if table in ops.OF_SOURCES else []
        tables[f"ops.{table}"] = _table(made.describe(con, f"ops.{table}"), read)
    status = {each.source: each for each in state.sources()}
    sources = {
        each.config.name: {
            "role": each.config.role, "system": each.profile.system,
            "checked_at": status[each.config.name].checked_at if each.config.name in status else None,
            "newest_change_at": status[each.config.name].newest_change_at if each.config.name in status else None,
        }
        for each in opened
    }  # fmt: skip
    return {
        "published_at": iso(now), "as_of": today.isoformat(), "timezone": company.timezone,
        "currency": company.currency, "content": content, "tables": tables, "sources": sources,
        "app_version": app_version(),
    }  # fmt: skip


def _table(found: Made, sources: Sequence[str]) -> dict[str, Any]:
    return {"rows": found.rows, "content": found.content, "sums": found.sums, "sources": sources}


def app_version() -> str:
    try:
        return version("tandem")
    except PackageNotFoundError:
        return "0"
