"""The filter bar: each filter is a menu of links, so it works with the keyboard, and a choice is an address. Values
that are codes of ours have their words under filter.value; the others come from the sources."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from dash import dcc, html

from components import format as fmt
from components.i18n import has, section
from components.marks import attrs
from data_access.filters import KEPT, LISTS, period_days

if TYPE_CHECKING:
    from components.desk.view import View

PERIODS = ("mtd", "30d", "90d", "qtd", "ytd", "12m", "24m")
SHOWN = 2  # so many chosen values are named, then they are counted


def bar(
    view: View, filters: Sequence[str], crumbs: Sequence[tuple[str, str | None]], actions: Sequence[Any]
) -> html.Div:
    """Breadcrumb or filters on the left, what is chosen beyond them, freshness and actions on the right."""
    left: list[Any] = [_crumbs(crumbs)] if crumbs else []
    left += [KINDS.get(name, _choices)(view, name) for name in filters if name not in KEPT]
    left += _chips(view, filters)
    fresh = html.Div(id="fresh", className="fresh", **attrs(aria_live="off"))
    right = html.Div([_views(view), *actions], className="actions")
    parts = [html.Div(left, className="filters"), fresh, right]
    return html.Div(parts, className="filter-bar", role="region", **attrs(aria_label=view.t("filter.bar")))


def _views(view: View) -> html.Details:
    """Looks that people kept, and a name for this one; the browser fills the list when it opens."""
    keep = html.Form(
        [
            dcc.Input(
                id="view-name", placeholder=view.t("views.name"), maxLength=80, className="field", autoComplete="off"
            ),
            html.Button(view.t("views.keep"), type="submit", className="btn plain"),
        ],
        id="view-form",
    )
    return html.Details(
        [
            html.Summary(view.t("views.title"), className="btn plain"),
            html.Div([html.Div(id="view-list"), keep], className="pop right"),
        ],
        className="menu-box views",
        id="views",
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
        [summary, html.Div(rows, className="pop")],
        className="menu-box filter" + (" active" if active else ""),
        **attrs(data_filter=name),
    )


def _period(view: View, _: str) -> html.Details:
    now = view.filters.period
    names = PERIODS if now in PERIODS else (now, *PERIODS)
    rows = [
        html.A(period_text(view, name), href=view.link(period=name), className="on" if name == now else "")
        for name in names
    ]
    return _menu(view.t("filter.period"), period_text(view, now), rows, "period")


def _choices(view: View, name: str) -> html.Details:
    options = view.options.get(name) or list(section(view.lang, f"filter.value.{name}").items())
    labels, chosen = dict(options), view.filters.values(name)
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


def _search(view: View, name: str) -> html.Form:
    """A field that narrows the page by what is typed; Enter takes it."""
    typed = next(iter(view.filters.values("search")), "")
    hint = view.t(f"filter.search.{view.path.strip('/')}")
    field = dcc.Input(id="find", value=typed, placeholder=hint, maxLength=100, autoComplete="off", type="search")
    label = html.Label(html.Span(hint, className="hidden-text"), htmlFor="find")
    return html.Form([html.Span(className="search-icon"), label, field], id="find-form", className="find")


KINDS: dict[str, Callable[[View, str], Any]] = {"period": _period, "search": _search}


def _chips(view: View, filters: Sequence[str]) -> list[Any]:
    """Filters in force that have no menu here, each to be taken away; and all of them at once."""
    chips: list[Any] = []
    for name, values in view.filters.given:
        if name in filters or name not in LISTS:
            continue
        words = section(view.lang, f"filter.value.{name}")
        shown = ", ".join(words.get(value, value) for value in values[:3])
        text = view.t("filter.chosen", name=view.t(f"filter.{name}"), values=shown)
        chips.append(
            html.A(
                [text, html.B("×")], href=view.link(**{name: None}), className="chip-x", title=view.t("filter.remove")
            )
        )
    if any(name in LISTS for name, _ in view.filters.given):
        nothing = {name: None for name, _ in view.filters.given if name in LISTS}
        chips.append(html.A(view.t("filter.clear"), href=view.link(**nothing), className="lnk"))
    return chips
