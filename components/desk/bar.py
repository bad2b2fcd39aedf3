"""The filter bar: each filter is a menu of links, so that it works with the keyboard, and a choice is an address."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from dash import html

from components import format as fmt
from components.i18n import has
from components.marks import attrs
from data_access.filters import LISTS, period_days

if TYPE_CHECKING:
    from components.desk.view import View

PERIODS = ("mtd", "30d", "90d", "qtd", "ytd", "12m", "24m")
SHOWN = 2  # so many chosen values are named, then they are counted


def bar(view: View, filters: Sequence[str], crumbs: Sequence[tuple[str, str | None]], actions: Any) -> html.Div:
    """Breadcrumb or filters on the left, what is chosen beyond them, freshness and actions on the right."""
    left: list[Any] = [_crumbs(crumbs)] if crumbs else []
    left += [_period(view) if name == "period" else _choices(view, name) for name in filters]
    left += _chips(view, filters)
    fresh = html.Div(id="fresh", className="fresh", **attrs(aria_live="off"))
    return html.Div(
        [html.Div(left, className="filters"), fresh, html.Div(actions, className="actions")], className="filter-bar"
    )


def _crumbs(crumbs: Sequence[tuple[str, str | None]]) -> html.Nav:
    parts: list[Any] = []
    for text, href in crumbs:
        parts.append(html.A(text, href=href) if href else html.B(text))
        if href:
            parts.append(html.Span("/", className="slash"))
    return html.Nav(parts, className="crumbs", **attrs(aria_label="breadcrumb"))


def period_text(view: View, name: str) -> str:
    """A period as people call it."""
    if has(view.lang, f"period.{name}"):
        return view.t(f"period.{name}")
    first, last = period_days(name, view.today)
    return f"{fmt.short_date(first, view.lang)} – {fmt.short_date(last, view.lang)}"


def _menu(label: str, value: str, rows: list[Any], name: str, *, active: bool = False) -> html.Details:
    summary = html.Summary([html.Span(label), html.B(value)])
    return html.Details(
        [summary, html.Div(rows, className="pop", role="menu")],
        className="menu-box filter" + (" active" if active else ""),
        **attrs(data_filter=name),
    )


def _period(view: View) -> html.Details:
    now = view.filters.period
    names = PERIODS if now in PERIODS else (now, *PERIODS)
    rows = [
        html.A(period_text(view, name), href=view.link(period=name), className="on" if name == now else "")
        for name in names
    ]
    return _menu(view.t("filter.period"), period_text(view, now), rows, "period")


def _choices(view: View, name: str) -> html.Details:
    options, chosen = view.options.get(name, []), view.filters.values(name)
    labels = dict(options)
    shown = [labels.get(value, value) for value in chosen]
    value = view.t("filter.all_short") if not shown else view.t("desk.and_short").join(shown[:SHOWN])
    if len(shown) > SHOWN:
        value = view.t("filter.n_chosen", n=len(shown))
    rows: list[Any] = []
    if chosen:
        rows.append(html.A(view.t(f"filter.all.{name}"), href=view.link(**{name: None}), className="clear"))
    rows += [
        html.A(
            [html.Span(className="box"), label],
            href=view.toggle(name, option),
            className="check" + (" on" if option in chosen else ""),
        )
        for option, label in options
    ]
    if not options:
        rows.append(html.Span(view.t("filter.none"), className="quiet"))
    return _menu(view.t(f"filter.{name}"), value, rows, name, active=bool(chosen))


def _chips(view: View, filters: Sequence[str]) -> list[Any]:
    """Filters in force that have no menu here, each to be taken away; and all of them at once."""
    chips: list[Any] = []
    for name, values in view.filters.given:
        if name in filters or name not in LISTS:
            continue
        text = view.t("filter.chosen", name=view.t(f"filter.{name}"), values=", ".join(values[:3]))
        chips.append(
            html.A(
                [text, html.B("×")], href=view.link(**{name: None}), className="chip-x", title=view.t("filter.remove")
            )
        )
    if any(name in LISTS for name, _ in view.filters.given):
        nothing = {name: None for name, _ in view.filters.given if name in LISTS}
        chips.append(html.A(view.t("filter.clear"), href=view.link(**nothing), className="lnk"))
    return chips
