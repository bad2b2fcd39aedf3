"""Small marks shared by all panels: system glyphs, status icons, bar parts, bold text, the slot of the 'as of' chip."""

from __future__ import annotations

from typing import Any, Literal

from dash import html

Role = Literal["erp", "crm"]


def attrs(**values: object) -> dict[str, Any]:
    """data-* and aria-* attributes from Python names."""
    return {name.replace("_", "-"): value for name, value in values.items()}


def leads_to(path: str | None) -> dict[str, Any]:
    """Attributes of what opens a desk page when it is clicked, on a wall that may show desks."""
    return attrs(data_to=path) if path else {}


def glyph(role: str) -> html.Span:
    """■ for an ERP, ◆ for a CRM."""
    return html.Span(className=f"g {role}", **attrs(aria_hidden="true"))


def icon(name: str) -> html.Span:
    """A status or state icon: crit, warn, info, box, nolink."""
    return html.Span(className=f"ic {name}", **attrs(aria_hidden="true"))


def part(kind: str, left: float | None = None, width: float | None = None) -> html.Span:
    """A piece of a bar, placed in per cent of its track: with `column` the only styles that are data."""
    place = {
        name: f"{max(0.0, min(100.0, value)):.2f}%"
        for name, value in (("left", left), ("width", width))
        if value is not None
    }
    return html.Span(className=kind, style=place)


def column(kind: str, size: float, **more: object) -> html.Span:
    """A bar of `size` per cent, which the style sheet reads as --size: upright where there is room, else lying; `more`
    are data-* attributes."""
    return html.Span(className=kind, style={"--size": f"{max(0.0, min(100.0, size)):.2f}%"}, **attrs(**more))


def bold(template: str) -> list[Any]:
    """A text of ours with *starred* parts in bold; call it before people's text is filled in."""
    pieces = template.split("*")
    return [html.B(piece) if i % 2 else piece for i, piece in enumerate(pieces) if piece]


def as_of_slot(role: str | None = None, kind: str = "asof") -> html.Span:
    """Where the browser writes 'as of hh:mm' once the panel's sources, or those of one role, are late."""
    return html.Span(className=kind, **attrs(data_asof=role or "any"))


def unit_text(prefix: str, figure: str, suffix: str) -> list[Any]:
    """A figure with its unit set small."""
    return [html.I(prefix) if prefix else None, figure, html.I(suffix) if suffix else None]
