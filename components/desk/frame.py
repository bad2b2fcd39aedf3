"""The frame around every desk page: navigation, filter bar, the page's panels, and the tab bar of a phone."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from dash import html

from components import search
from components.desk import bar
from components.i18n import HTML_LANG, LANGUAGES, section
from components.marks import attrs

if TYPE_CHECKING:
    from components.desk.view import View

MAIN = ("overview", "sales", "customers", "inventory", "production", "sync")
MORE = ("outcomes", "quality", "glossary")
PARENTS = {"customer": "customers", "order": "customers", "item": "inventory"}  # of the pages of one thing
PATHS = {"overview": "/", **{name: f"/{name}" for name in (*MAIN[1:], *MORE)}}


def page(
    view: View,
    active: str,
    content: Any,
    *,
    pages: Sequence[str],
    filters: Sequence[str] = (),
    crumbs: Sequence[tuple[str, str | None]] = (),
    actions: Sequence[Any] = (),
    caption: str = "",
) -> html.Div:
    """The whole page. active: the page's name in the navigation; pages: those that exist; crumbs: (text, address) of a
    detail page, which stand where other pages have their filters; actions: beside the freshness, e.g. exports;
    caption: what a picture or a print of the page says beside its title."""
    told = {
        "lang": view.lang,
        "htmlLang": HTML_LANG[view.lang],
        "timezone": view.company.timezone,
        "text": section(view.lang, "js") | section(view.lang, "deskjs") | section(view.lang, "exportjs"),
        "role": section(view.lang, "role"),
    }
    parts = [
        html.A(view.t("desk.skip"), href="#content", className="skip"),
        _nav(view, active, pages),
        bar.bar(view, filters, crumbs, actions),
        html.Div(id="desk-banner", className="banner", role="status", hidden=True),
        html.Main(content, id="content", className=f"content page-{active}"),
        _tabs(view, active, pages),
        search.dialog(view.lang),
    ]
    return html.Div(
        parts,
        id="desk",
        lang=HTML_LANG[view.lang],
        **attrs(
            data_config=json.dumps(told, ensure_ascii=False),
            data_path=view.path,
            data_caption=caption,
        ),
    )


def _nav(view: View, active: str, pages: Sequence[str]) -> html.Header:
    links = [_link(view, name, active) for name in MAIN if name in pages]
    more: list[Any] = [_link(view, name, active) for name in MORE if name in pages]
    more.append(html.A(view.t("nav.wall"), href=_plain(view, "/wall"), target="_blank"))
    menu = html.Details(
        [html.Summary(view.t("nav.more")), html.Div(more, className="pop")], className="menu-box nav-more"
    )
    search = html.Button(
        [html.Span(view.t("nav.search")), html.Kbd("Ctrl K")],
        id="search-open",
        className="nav-search",
        type="button",
        **attrs(aria_label=view.t("nav.search")),
    )
    languages = [
        html.A(
            view.t(f"nav.lang.{lang}"), href=view.link(lang=lang), className="on" if lang == view.lang else "",
            **attrs(lang=HTML_LANG[lang]),
        )
        for lang in LANGUAGES
    ]  # fmt: skip
    parts = [
        html.A(
            [html.Img(src="/assets/logo.svg", alt="", className="logo"), html.B("Tandem")],
            href=_plain(view, "/"),
            className="brand",
            **attrs(aria_label="Tandem"),
        ),
        html.H1(view.t(f"nav.{active}"), className="phone-title"),
        html.Nav([*links, menu], className="nav-links", **attrs(aria_label=view.t("nav.label"))),
        html.Div([search, html.Div(languages, className="languages")], className="nav-right"),
    ]
    return html.Header(parts, className="nav")


def _plain(view: View, path: str) -> str:
    return path + (f"?lang={view.extra['lang']}" if "lang" in view.extra else "")


def _link(view: View, name: str, active: str) -> html.A:
    current = attrs(aria_current="page") if name == PARENTS.get(active, active) else {}
    return html.A(view.t(f"nav.{name}"), href=_plain(view, PATHS[name]), className="on" if current else "", **current)


def _tabs(view: View, active: str, pages: Sequence[str]) -> html.Nav:
    """The phone's tab bar: the four main pages, the others behind "more"."""
    first = [name for name in MAIN if name in pages][:4]
    rest = [name for name in (*MAIN, *MORE) if name in pages and name not in first]
    tabs: list[Any] = [
        html.A(
            [html.Span(className=f"tab-icon {name}"), view.t(f"nav.{name}")],
            href=_plain(view, PATHS[name]),
            className="on" if name == PARENTS.get(active, active) else "",
        )
        for name in first
    ]
    more = html.Details(
        [
            html.Summary([html.Span(className="tab-icon more"), view.t("nav.more")]),
            html.Div([_link(view, name, active) for name in rest], className="pop up"),
        ],
        className="menu-box" + (" on" if active in rest else ""),
    )
    return html.Nav([*tabs, more], className="tabs", **attrs(aria_label=view.t("nav.label")))
