"""How the read functions ask: several queries of one version answer as one, with one age and one tag."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from data_access.access import Scope
from data_access.filters import NOTHING, Filters
from data_access.kpis import FIRST_DAYS
from data_access.result import Result
from data_access.sqlfile import load_query

if TYPE_CHECKING:
    from data_access.snapshot import Snapshot
    from data_access.warehouse import Reader


def ask(version: Snapshot, name: str, scope: Scope, filters: Filters = NOTHING, **more: object) -> Result:
    """One query; `filters` give it the parameters it asks for, `more` the others."""
    wanted = load_query(name).parameters - more.keys() - {"today"}
    return version.query(name, scope, **filters.parameters(wanted, version.today), **more)


def read(
    reader: Reader | Snapshot, scope: Scope, *names: str, filters: Filters = NOTHING, **more: object
) -> list[Result]:
    """The queries `names` (page/question) on one version. The first carries the age, origin and tag of all, and the
    notes: today, early_estimate (days of orders, while under 14). `more` goes to every query that asks for it."""
    version = reader.pinned() if hasattr(reader, "pinned") else reader
    first, *others = every = [
        ask(version, name, scope, filters, **{k: v for k, v in more.items() if k in load_query(name).parameters})
        for name in names
    ]
    span = rows(version.query("overview/span", scope))[0]
    days = int(span["days_of_orders"] or 0)
    tags = "\x1f".join(one.etag for one in every)
    joined = replace(
        first,
        as_of=min(one.as_of for one in every),
        sources=tuple(sorted({source for one in every for source in one.sources})),
        truncated=any(one.truncated for one in every),
        etag=hashlib.blake2b(f"{tags}\x1f{span}".encode(), digest_size=12).hexdigest(),
        notes={"today": span["today"]} | ({"early_estimate": days} if days < FIRST_DAYS else {}),
    )
    return [joined, *others]


def rows(result: Result) -> list[dict[str, Any]]:
    """Rows as dictionaries of plain values; NULL is None, a list stays a list."""
    import pandas as pd

    def plain(value: Any) -> Any:
        if not pd.api.types.is_scalar(value):
            return value.tolist() if hasattr(value, "tolist") else value
        return None if pd.isna(value) else value.item() if hasattr(value, "item") else value

    return [
        {name: plain(value) for name, value in zip(result.frame.columns, row, strict=True)}
        for row in result.frame.itertuples(index=False, name=None)
    ]
