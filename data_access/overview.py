"""What the overview and the wall's first scene read: one function a panel, each a `Result` of one version.

notes of every result: today (the published business day), early_estimate (days of orders, while under 14).
"""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from data_access.access import EVERYONE, Scope
from data_access.kpis import COLUMNS, FIRST_DAYS, kpi_rows
from data_access.result import Result

if TYPE_CHECKING:
    from data_access.warehouse import Reader

ACCURACY = ("model", "coverage80", "wape", "bias", "beats_naive")


def today_kpis(reader: Reader, scope: Scope = EVERYONE) -> Result:
    """The eight headline figures, one row each: columns of `kpis.COLUMNS`. notes: next_due_date, unconverted_lines."""
    import pandas as pd

    result, lines = _read(reader, scope, "today_kpis", "kpi_series")
    row = _rows(result)[0]
    series = {str(name): [float(x) for x in points] for name, points in lines.frame.itertuples(index=False)}
    frame = pd.DataFrame(kpi_rows(row, series), columns=list(COLUMNS), dtype="object")
    told = {name: row[name] for name in ("next_due_date", "unconverted_lines")}
    return replace(result, frame=frame, notes={**result.notes, **told})


def runway(reader: Reader, scope: Scope = EVERYONE) -> Result:
    """One row per item with demand or stock, lanes together. notes: how the demand of deals is known."""
    result, facts = _read(reader, scope, "runway", "runway_facts")
    return replace(result, notes={**result.notes, **_rows(facts)[0]})


def runway_lanes(reader: Reader, scope: Scope = EVERYONE) -> Result:
    """One row per category, in the order of `runway`; its money is the sum of its items'. notes: as `runway`."""
    result, facts = _read(reader, scope, "runway_lanes", "runway_facts")
    return replace(result, notes={**result.notes, **_rows(facts)[0]})


def top_customers(reader: Reader, scope: Scope = EVERYONE) -> Result:
    """Six customers by revenue this month, against the same days of last year."""
    return _read(reader, scope, "top_customers")[0]


def feed(reader: Reader, scope: Scope = EVERYONE) -> Result:
    """The newest eight orders and won deals of both systems."""
    return _read(reader, scope, "feed")[0]


def stockout_risk(reader: Reader, scope: Scope = EVERYONE) -> Result:
    """Items at risk by money. notes: total and items (of all), lowest_cover (six items that are not)."""
    result, nearest = _read(reader, scope, "stockout_risk", "lowest_cover")
    notes = {**result.notes, "total": float(result.frame["at_risk"].sum()), "items": len(result.frame)}
    return replace(result, notes=notes | {"lowest_cover": _rows(nearest)})


def forecast(reader: Reader, scope: Scope = EVERYONE) -> Result:
    """Twelve full weeks back and ten ahead. notes: model, and coverage80, wape, bias, beats_naive as measured."""
    result, facts = _read(reader, scope, "forecast", "forecast_facts")
    row = _rows(facts)[0]
    return replace(result, notes={**result.notes, **{name: row[name] for name in ACCURACY}})


def alerts(reader: Reader, scope: Scope = EVERYONE) -> Result:
    """What needs somebody, worst first. Late sources are no part of a version: they are judged when it is read."""
    return _read(reader, scope, "alerts")[0]


def _read(reader: Reader, scope: Scope, *names: str) -> list[Result]:
    """The queries on one version; the first result carries the age, origin and tag of all of them, and the notes."""
    version = reader.pinned()
    first, *others = every = [version.query(f"overview/{name}", scope) for name in names]
    span = _rows(version.query("overview/span", scope))[0]
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


def _rows(result: Result) -> list[dict[str, Any]]:
    """Rows as dictionaries of plain values; NULL is None."""
    import pandas as pd

    return [
        {
            name: None if pd.isna(value) else value.item() if hasattr(value, "item") else value
            for name, value in zip(result.frame.columns, row, strict=True)
        }
        for row in result.frame.itertuples(index=False, name=None)
    ]
