"""Every panel once: its name, grain, filters, metrics and read function; the page, API and command line read this."""

from __future__ import annotations

import difflib
import importlib
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from data_access.access import EVERYONE, Scope
from data_access.errors import QueryError
from data_access.result import Result

if TYPE_CHECKING:
    from data_access.warehouse import Snapshot


@dataclass(frozen=True)
class Panel:
    """What a panel shows. `title` is a translation key; `reads` are functions of data_access.<page>, the first of which
    gives the panel's rows; `wall` panels are drawn on the big screen."""

    name: str
    title: str
    page: str
    grain: str
    reads: tuple[str, ...]
    metrics: tuple[str, ...] = ()
    filters: tuple[str, ...] = ()
    wall: bool = True


_KPIS = ("revenue", "booked", "gross_margin", "on_time", "inventory_value", "pipeline_weighted", "ar_overdue", "csat")
_RISK = ("cover", "at_risk", "expected_demand")
_ALL = (
    Panel("kpis", "kpi.label", "overview", "one row a figure of the day", ("today_kpis",), _KPIS),
    Panel("customers", "customers.title", "overview", "one row a customer, the six largest this month",
          ("top_customers",), ("revenue",)),
    Panel("runway", "runway.title", "overview", "one row a product with demand or stock", ("runway", "runway_lanes"),
          _RISK),
    Panel("runway_lanes", "runway.title", "overview", "one row a category", ("runway_lanes",), _RISK, wall=False),
    Panel("risk", "risk.title", "overview", "one row a product at risk", ("stockout_risk",), _RISK),
    Panel("feed", "feed.title", "overview", "one row an order or won deal, the newest eight", ("feed",), ("booked",)),
    Panel("forecast", "forecast.title", "overview", "one row a week", ("forecast",), ("expected_demand", "booked")),
    Panel("ticker", "ticker.label", "overview", "one row a thing that needs somebody", ("alerts",)),
)  # fmt: skip
PANELS: dict[str, Panel] = {panel.name: panel for panel in _ALL}
WALL: tuple[Panel, ...] = tuple(panel for panel in _ALL if panel.wall)

_MONEY = {
    "weekly_sales", "stock_value", "at_risk", "over_10_weeks_value", "revenue", "revenue_last_year", "total_revenue",
    "amount", "actual", "mean", "lo80", "hi80", "capacity", "last_year", "plan_to_date", "plan_period",
}  # fmt: skip
_UNITS = {
    "cover_weeks": "weeks", "cover_weeks_deals": "weeks", "gap_weeks_from": "weeks", "gap_weeks_to": "weeks",
    "share": "ratio", "change": "ratio", "on_hand": "base unit", "next_receipt_quantity": "base unit",
    "days_of_data": "days", "items": "count", "orders_waiting": "count", "deals_waiting": "count", "count": "count",
}  # fmt: skip


def column_unit(name: str, currency: str) -> str | None:
    """The unit of a result's column: the base currency for money, None for text and dates."""
    return currency if name in _MONEY else _UNITS.get(name)


def find_panel(name: str) -> Panel:
    """QueryError with the nearest name when there is no such panel."""
    if name in PANELS:
        return PANELS[name]
    near = difflib.get_close_matches(name, PANELS, 1, 0.5)
    raise QueryError(f'there is no panel "{name[:60]}"', f'did you mean "{near[0]}"?' if near else "see /api/v1/panels")


def check_filters(panel: Panel, given: Mapping[str, str]) -> dict[str, str]:
    """The filters themselves; QueryError names the first the panel does not take."""
    for key in given:
        if key not in panel.filters:
            known = ", ".join(panel.filters) or "none yet"
            raise QueryError(f'panel "{panel.name}" has no filter "{key[:60]}"', f"its filters: {known}")
    return dict(given)


def describe(panel: Panel) -> dict[str, Any]:
    """The panel's JSON form."""
    return {
        "name": panel.name,
        "title": panel.title,
        "page": panel.page,
        "grain": panel.grain,
        "filters": list(panel.filters),
        "metrics": list(panel.metrics),
    }


_reads: dict[str, frozenset[str]] = {}
_reads_lock = threading.Lock()


class _Recorder:
    """A snapshot that notes which queries a read function asks."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        self.asked: set[str] = set()

    def query(self, name: str, scope: Scope = EVERYONE, **params: object) -> Result:
        self.asked.add(name)
        return self._snapshot.query(name, scope, **params)

    def pinned(self) -> _Recorder:
        return self

    def __getattr__(self, name: str) -> Any:
        return getattr(self._snapshot, name)


def read_panel(
    panel: Panel, snapshot: Snapshot, scope: Scope = EVERYONE, filters: Mapping[str, str] | None = None
) -> Result:
    """The panel's rows from one version."""
    return read_all(panel, snapshot, scope, filters)[panel.reads[0]]


def read_all(
    panel: Panel, snapshot: Snapshot, scope: Scope = EVERYONE, filters: Mapping[str, str] | None = None
) -> dict[str, Result]:
    """Every Result the panel is drawn from, by read function; what they ask is kept, so that `panel_etag` follows the
    queries themselves."""
    module = importlib.import_module(f"data_access.{panel.page}")
    recorder, given = _Recorder(snapshot), check_filters(panel, filters or {})
    results = {name: getattr(module, name)(recorder, scope, **given) for name in panel.reads}
    with _reads_lock:
        _reads[panel.name] = _reads.get(panel.name, frozenset()) | recorder.asked
    return results


def panel_etag(panel: Panel, snapshot: Snapshot, salt: str = "") -> str:
    """Changes exactly when the panel's rows may have; before the panel was ever read, with every version."""
    with _reads_lock:
        asked = _reads.get(panel.name)
    if asked is None:
        return f"v{snapshot.version}-{salt}"
    return snapshot.etag(*sorted(asked), salt=f"{salt}:{panel.name}")
