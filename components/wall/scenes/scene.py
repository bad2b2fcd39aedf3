"""What a scene is, and the frames its panels stand in."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from dash import html

from components import states
from components.i18n import t
from components.marks import as_of_slot, attrs
from data_access.panels import PANELS

if TYPE_CHECKING:
    from data_access.result import Result

Payload = Mapping[str, Any]
Builder = Callable[[Mapping[str, "Result"], str, Any], dict[str, Any]]
Layout = Callable[[str, Mapping[str, Payload]], Sequence[Any]]


@dataclass(frozen=True)
class Scene:
    """panels: panel -> how its Results become what the browser shows ({tree or figure, head}); layout: language and the
    payloads known already -> strip, main and what else stands below, from the top down."""

    name: str
    panels: Mapping[str, Builder]
    layout: Layout

    def page(self, lang: str, known: Mapping[str, Payload]) -> html.Div:
        """The scene as it stands on the wall."""
        return html.Div(self.layout(lang, known), className=f"scene scene-{self.name}", **attrs(data_scene=self.name))


def _head(panel: str, lang: str, payload: Payload | None) -> list[Any]:
    head = payload["head"] if payload else {"title": t(lang, PANELS[panel].title)}
    line = [
        html.Span(head.get("title"), id=f"{panel}-title"),
        html.Span(head.get("note"), id=f"{panel}-note", className="note"),
        as_of_slot(),
    ]
    return [html.H2(line), html.Div(head.get("sub"), id=f"{panel}-sub", className="sub")]


def list_panel(panel: str, area: str, rows: int, lang: str, known: Mapping[str, Payload]) -> html.Section:
    """A panel made of rows; `rows` blocks stand in for them until they are known."""
    payload = known.get(panel)
    body = payload["tree"] if payload else states.blocks(rows)
    return html.Section(
        [*_head(panel, lang, payload), html.Div(body, id=f"{panel}-body", className="body")],
        id=f"panel-{panel}",
        className=f"p {area}",
        **attrs(data_panel=panel),
    )


def chart_panel(panel: str, area: str, lang: str, known: Mapping[str, Payload]) -> html.Section:
    """A panel the browser draws a figure in; without a figure its body says why."""
    payload = known.get(panel)
    body = payload.get("tree") if payload else states.plot_blocks()
    plot = html.Div(id=f"{panel}-plot", className="plt", role="img")
    return html.Section(
        [*_head(panel, lang, payload), plot, html.Div(body, id=f"{panel}-body", className="body")],
        id=f"panel-{panel}",
        className=f"p {area}",
        **attrs(data_panel=panel),
    )


def strip(panel: str, area: str, cells: int, lang: str, known: Mapping[str, Payload]) -> html.Section:
    """The scene's key figures in one line."""
    payload = known.get(panel)
    return html.Section(
        html.Div(payload["tree"] if payload else states.strip_blocks(cells), id=f"{panel}-body", className="kgrid"),
        id=f"panel-{panel}",
        className=f"p kpis {area}".strip(),
        **attrs(data_panel=panel, aria_label=t(lang, PANELS[panel].title)),
    )
