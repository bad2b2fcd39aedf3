"""The Export menu of a page and the export links of a panel: plain buttons and links, worked by assets/26-export.js."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from dash import html

from components.marks import attrs

if TYPE_CHECKING:
    from components.desk.view import View
    from data_access.panels import Panel

ROWS, PICTURES = ("xlsx", "csv"), ("png", "svg")
SAID = {"png": "PNG 2×", "svg": "SVG", "pdf": "PDF A4", "xlsx": "XLSX", "csv": "CSV", "json": "JSON"}


def menu(view: View, panels: Sequence[Panel]) -> html.Details:
    """For a whole page: its picture, its report, the rows of each of its panels, its link."""
    page = view.path.strip("/") or "overview"
    pictures = [_button(kind) for kind in PICTURES]
    report = html.A(SAID["pdf"], href=view.link(f"/api/v1/pages/{page}.pdf"), **attrs(data_export="pdf"))
    inside: list[Any] = [
        html.Span(view.t("export.view"), className="export-head"),
        _row(view.t("export.image"), pictures),
        _row(view.t("export.report"), [report]),
        html.Span(view.t("export.rows"), className="export-head"),
        *(_row(view.t(panel.title), _rows(panel, view)) for panel in panels),
        html.Span(className="export-rule"),
        html.Button(
            [html.B(view.t("export.link")), html.Span(view.t("export.keeps"))],
            type="button",
            className="export-row",
            **attrs(data_export="link"),
        ),
    ]
    summary = html.Summary([view.t("export.button"), html.Span(className="chevron")], className="btn")
    return html.Details([summary, html.Div(inside, className="pop")], className="menu-box export", id="export-menu")


def links(panel: Panel, view: View) -> html.Div:
    """For one panel: every format, and the panel alone."""
    kinds = [_button(kind, panel=panel.name) for kind in PICTURES]
    report = html.A(SAID["pdf"], href=_api(panel, view, "pdf"), **attrs(data_export="pdf", data_panel=panel.name))
    data = html.A(SAID["json"], href=_api(panel, view, "json"), target="_blank")
    head = html.B(view.t("export.button"))
    return html.Div([head, *kinds, report, *_rows(panel, view), data], className="links exports")


def _api(panel: Panel, view: View, kind: str) -> str:
    return view.panel_link(f"/api/v1/panels/{panel.name}.{kind}", panel.filters)


def _row(label: str, inside: list[Any]) -> html.Div:
    return html.Div([html.B(label), html.Span(inside)], className="export-row")


def _rows(panel: Panel, view: View) -> list[Any]:
    """Links that work without a script; with one, the file is made in the background."""
    return [
        html.A(
            SAID[kind],
            href=_api(panel, view, kind),
            download="",
            **attrs(data_export=kind, data_panel=panel.name),
        )
        for kind in ROWS
    ]


def _button(kind: str, **where: str) -> html.Button:
    return html.Button(
        SAID[kind], type="button", **attrs(data_export=kind, **{f"data_{k}": v for k, v in where.items()})
    )
