"""What a published version says about itself: its tables with the sources they derive from, and how old those are."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date, datetime
from importlib.metadata import PackageNotFoundError, version

import duckdb

from data_access.clock import iso
from data_access.config import Company
from data_access.state import State
from data_access.sync import ops
from data_access.sync.build import BuildResult, describe
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
    remembered = con.execute("SELECT name, content, rows, sums FROM build.model").fetchall()
    tables = {
        name: {"rows": rows, "content": found, "sums": json.loads(sums), "sources": built.sources_of(name)}
        for name, found, rows, sums in sorted(remembered)
        if not name.startswith("staging.")
    }
    names = [each.config.name for each in opened]
    for table in ops.OPS_TABLES:
        found, rows, sums = describe(con, f"ops.{table}")
        read = names if table in ops.OF_SOURCES else []
        tables[f"ops.{table}"] = {"rows": rows, "content": found, "sums": sums, "sources": read}
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


def app_version() -> str:
    try:
        return version("tandem")
    except PackageNotFoundError:
        return "0"
