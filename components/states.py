"""What a panel shows when it has no figures: loading blocks, good news, nothing yet."""

from __future__ import annotations

from typing import Any

from dash import html

from components.marks import attrs, icon


def message(icon_name: str, title: str, more: str = "") -> html.Div:
    """A calm sentence in the middle of a panel."""
    lines: list[Any] = [icon(icon_name), html.Div(title, className="m1")]
    if more:
        lines.append(html.Div(more, className="m2"))
    return html.Div(lines, className="msg")


def blocks(rows: int) -> html.Div:
    """Blocks in the shape of a list; CSS shows them after 400 ms."""
    row = html.Div(
        [
            html.Div([html.Span(className="sk name"), html.Span(className="sk fig")], className="skh"),
            html.Span(className="sk bar"),
        ]
    )
    return html.Div([row] * rows, className="rows skeleton", **attrs(aria_hidden="true"))


def strip_blocks(cells: int) -> list[html.Div]:
    """Blocks in the shape of the KPI strip."""
    cell = [html.Span(className="sk name"), html.Span(className="sk big"), html.Span(className="sk fig")]
    return [html.Div(cell, className="k h skeleton" if i == 0 else "k skeleton") for i in range(cells)]


def plot_blocks() -> html.Div:
    """Blocks in the shape of a chart."""
    return html.Div(
        [html.Span(className="sk bar") for _ in range(5)], className="rows skeleton", **attrs(aria_hidden="true")
    )
