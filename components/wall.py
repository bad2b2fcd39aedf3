"""The wall's panels: rows in, what the browser needs out, as plain JSON values."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from components import kpi, lists, ticker
from components.charts import forecast, runway
from components.i18n import t
from data_access.result import Result

if TYPE_CHECKING:
    from data_access.config import Company

Payload = dict[str, Any]

# Panel -> the read functions of data_access.overview whose Results it needs; the first decides its as-of time.
PANELS: Mapping[str, tuple[str, ...]] = {
    "kpis": ("today_kpis",),
    "customers": ("top_customers",),
    "runway": ("runway", "runway_lanes"),
    "risk": ("stockout_risk",),
    "feed": ("feed",),
    "forecast": ("forecast",),
    "ticker": ("alerts",),
}


def plain(value: Any) -> Any:
    """Dash components as the JSON the browser renders."""
    if hasattr(value, "to_plotly_json"):
        value = value.to_plotly_json()
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    return value


def _kpis(results: Mapping[str, Result], lang: str, company: Company) -> Payload:
    result = results["today_kpis"]
    return {
        "tree": kpi.strip(result, lang, company),
        "head": {"title": t(lang, "kpi.label"), "aria": kpi.aria(result, lang, company)},
    }


def _runway(results: Mapping[str, Result], lang: str, company: Company) -> Payload:
    return runway.runway(results["runway"], results.get("runway_lanes"), lang, company)


BUILDERS: Mapping[str, Callable[[Mapping[str, Result], str, Any], Payload]] = {
    "kpis": _kpis,
    "customers": lambda r, lang, company: lists.customers(r["top_customers"], lang, company),
    "runway": _runway,
    "risk": lambda r, lang, company: lists.risk(r["stockout_risk"], lang, company),
    "feed": lambda r, lang, company: lists.feed(r["feed"], lang, company),
    "forecast": lambda r, lang, company: forecast.forecast(r["forecast"], lang, company),
    "ticker": lambda r, lang, company: ticker.alerts(r["alerts"], lang, company),
}


def render(panel: str, results: Result | Mapping[str, Result], lang: str, company: Company) -> Payload:
    """{"panel", "tree" or "figure", "head": {title, note, sub, aria}, "as_of", "sources"}: JSON values only.

    `results`: the Results named in PANELS[panel], or the one Result where one is enough. KeyError: no such panel.
    """
    needed = PANELS[panel]
    found: Mapping[str, Result] = {needed[0]: results} if isinstance(results, Result) else results
    first = found[needed[0]]
    made = BUILDERS[panel](found, lang, company)
    sources = sorted({name for result in found.values() for name in result.sources})
    as_of = min(result.as_of for result in found.values())
    return {"panel": panel, "version": first.version, "as_of": as_of.isoformat(), "sources": sources, **plain(made)}
