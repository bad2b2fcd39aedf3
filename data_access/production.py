"""From demand to a plan: what the page `/production` and the wall's third scene read; each function one panel's rows.

notes of every result: today (the published business day), early_estimate (days of orders, while under 14).
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from data_access.access import EVERYONE, Scope
from data_access.filters import NOTHING, Filters
from data_access.production_kpis import COLUMNS, production_rows
from data_access.reading import read, rows
from data_access.snapshot import Snapshot

if TYPE_CHECKING:
    from data_access.result import Result
    from data_access.warehouse import Reader

PAGE = "production"


def _one(reader: Reader, scope: Scope, name: str, filters: Filters) -> Result:
    return read(reader, scope, f"{PAGE}/{name}", filters=filters)[0]


def production_kpis(reader: Reader, scope: Scope = EVERYONE, filters: Filters = NOTHING) -> Result:
    """One row per figure: columns of `production_kpis.COLUMNS`."""
    import pandas as pd

    result = _one(reader, scope, "kpis", filters)
    made = production_rows(rows(result)[0])
    return replace(result, frame=pd.DataFrame(made, columns=list(COLUMNS), dtype="object"))


def fan(reader: Reader, scope: Scope = EVERYONE, filters: Filters = NOTHING) -> Result:
    """One row per ISO week: asked for, expected with both bands, and capacity in base currency."""
    return _one(reader, scope, "fan", filters)


def load(reader: Reader, scope: Scope = EVERYONE, filters: Filters = NOTHING) -> Result:
    """One row per work centre and ISO week: hours needed and hours there are."""
    return _one(reader, scope, "load", filters)


def messages(reader: Reader, scope: Scope = EVERYONE, filters: Filters = NOTHING) -> Result:
    """One row per action message, the most money at risk first."""
    return _one(reader, scope, "messages", filters)


def proposal(reader: Reader, scope: Scope = EVERYONE, filters: Filters = NOTHING) -> Result:
    """One row per message of the items and kinds chosen; none without a choice."""
    return _one(reader, scope, "proposal", filters)


def schedule(reader: Reader, scope: Scope = EVERYONE, filters: Filters = NOTHING) -> Result:
    """One row per product and ISO week, the tightest products first."""
    return _one(reader, scope, "schedule", filters)


def cover(reader: Reader, scope: Scope = EVERYONE, filters: Filters = NOTHING) -> Result:
    """One row per product and ISO week: days of cover at its start, the tightest products first."""
    return _one(reader, scope, "cover", filters)


def pegging(reader: Reader, scope: Scope = EVERYONE, filters: Filters = NOTHING) -> Result:
    """One row per short item and order line that waits for it, the most money first."""
    return _one(reader, scope, "pegging", filters)


def scenarios(reader: Reader | Snapshot, scope: Scope = EVERYONE, filters: Filters = NOTHING) -> Result:
    """One row for the plan of record and one per scenario: columns of `whatif.COLUMNS`."""
    from data_access.planning.mrp.inputs import tables_read
    from data_access.planning.mrp.whatif import side_by_side

    version = reader if isinstance(reader, Snapshot) else reader.pinned()
    texts = filters.values("scenario")
    if not texts:
        return read(version, scope, f"{PAGE}/record")[0]
    tables = tables_read() | {"marts.deal_term", "marts.deal_demand"}
    result = version.derived(("scenarios", texts), tables, lambda con: side_by_side(con, texts), scope)
    return replace(result, notes={"today": version.today})


def large_deals(reader: Reader, scope: Scope = EVERYONE, filters: Filters = NOTHING) -> Result:
    """One row per open deal that would change a plan, the twenty largest."""
    return _one(reader, scope, "large_deals", filters)


def months(reader: Reader, scope: Scope = EVERYONE, filters: Filters = NOTHING) -> Result:
    """One row per month: asked for, expected, and the same month of last year, in base currency."""
    return _one(reader, scope, "months", filters)


def parts(reader: Reader, scope: Scope = EVERYONE, filters: Filters = NOTHING) -> Result:
    """One row per warehouse and per region of customers, the largest first; base currency a week."""
    return _one(reader, scope, "parts", filters)


def pipeline_value(reader: Reader, scope: Scope = EVERYONE, filters: Filters = NOTHING) -> Result:
    """One row: how far off the forecast was over eight weeks with and without what large deals added."""
    return _one(reader, scope, "pipeline_value", filters)


def honesty(reader: Reader, scope: Scope = EVERYONE, filters: Filters = NOTHING) -> Result:
    """One row per kind of demand, and one of the total: how good the forecast has been."""
    return _one(reader, scope, "honesty", filters)
