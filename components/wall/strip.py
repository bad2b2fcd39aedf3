"""A cell of a scene's strip: label, figure with a small picture beside it, one comparison."""

from __future__ import annotations

from typing import Any

from dash import html

from components.marks import as_of_slot, attrs, bold, glyph, icon, unit_text


def cell(
    metric: str, label: str, parts: tuple[str, str, str], picture: Any, compare: str, *, status: str, side: str
) -> html.Div:
    """parts: (before, figure, after), the unit is set small; compare: with *bold* parts; status: ok, warn, crit; side:
    the system whose glyph it carries."""
    mark = icon(status) if status in ("warn", "crit") else glyph(side)
    inside = [
        html.Div([mark, html.Span(label, className="n")], className="l"),
        html.Div(html.Span(unit_text(*parts), className=status), className="v"),
        picture,
        as_of_slot(side),
        html.Div(bold(compare), className="d"),
    ]
    return html.Div(inside, className="k", **attrs(data_role=side, data_metric=metric))
