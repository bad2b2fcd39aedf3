"""The metrics, each defined once in metrics.toml; sources follow from the tables their SQL reads."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from data_access.errors import ConfigError, QueryError
from data_access.sqlfile import tables_of

FILE = Path(__file__).with_name("metrics.toml")


class Metric(BaseModel):
    """One metric: `sql` gives `value` at its grain; `better` says which way is good; `definition` is in English."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    name: str
    definition: str
    definition_zh: str | None = None
    sql: str
    unit: Literal["money", "ratio", "score", "count", "weeks", "days", "quantity"]
    grain: str
    grain_zh: str | None = None
    format: Literal["money", "percent", "score", "count", "weeks", "days", "quantity"]
    better: Literal["up", "down"]

    def tables(self) -> frozenset[str]:
        return tables_of(self.sql)

    def described(self, manifest: Mapping[str, Any]) -> dict[str, object]:
        """The metric as the API tells it, with the sources its figures derive from in this version."""
        known = manifest.get("tables", {})
        sources = sorted({source for table in self.tables() for source in known.get(table, {}).get("sources", ())})
        return self.model_dump() | {"sources": sources}


@cache
def metrics(file: Path = FILE) -> Mapping[str, Metric]:
    """All metrics by name; ConfigError names the file, the metric and the key that is wrong."""
    found: dict[str, Metric] = {}
    for name, fields in tomllib.loads(file.read_text(encoding="utf-8")).items():
        try:
            found[name] = Metric(name=name, **fields)
        except ValidationError as error:
            first = error.errors()[0]
            key = ".".join(str(part) for part in (name, *first["loc"]))
            raise ConfigError(f"{file.name}: {key}: {first['msg']}", "correct the metric's definition") from error
    return found


def metric(name: str) -> Metric:
    """QueryError when there is no such metric."""
    known = metrics()
    if name not in known:
        raise QueryError(f'there is no metric "{name}"', f"known: {', '.join(known)}")
    return known[name]


def listed(manifest: Mapping[str, Any]) -> list[dict[str, object]]:
    """Every metric for the API, with sources."""
    return [one.described(manifest) for one in metrics().values()]
