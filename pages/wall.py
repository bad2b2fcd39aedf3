"""`/wall`: the unattended display. The URL carries scenes, seconds a scene, and language."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import dash
from flask import current_app

from components.assets import app_hash
from components.i18n import LANGUAGES
from components.wall import frame
from components.wall.scenes import SCENES
from pages._guard import is_local

if TYPE_CHECKING:
    from dash import html

    from data_access.config import Company

EXTENSION = "tandem_wall"


def _no_panels(lang: str) -> Mapping[str, Mapping[str, Any]]:
    return {}


def _no_states() -> Mapping[str, str]:
    return {}


@dataclass(frozen=True)
class Wall:
    """What the server lends this page as `app.extensions[EXTENSION]`: whose figures, and the panels known already.

    panels: language -> {panel: its JSON}, from memory only (it must not wait for a query). states: scene -> critical,
    healthy or ok, as last told.
    """

    company: Company
    panels: Callable[[str], Mapping[str, Mapping[str, Any]]] = field(default=_no_panels)
    states: Callable[[], Mapping[str, str]] = field(default=_no_states)


def seconds(dwell: str | None) -> int:
    """Seconds a scene stays, 5 to 600; 20 where the URL says nothing sensible."""
    return min(600, max(5, int(dwell))) if dwell and dwell.isascii() and dwell.isdigit() else 20


def chosen(scenes: str | None) -> list[str]:
    """The known scenes asked for, in their order; all where none is known."""
    asked = [name.strip() for name in (scenes or "").split(",")]
    return [name for name in dict.fromkeys(asked) if name in SCENES] or list(SCENES)


def layout(scenes: str | None = None, dwell: str | None = None, lang: str | None = None, **_: str) -> html.Div:
    """The page; unknown parameters are ignored."""
    wall: Wall = current_app.extensions[EXTENSION]
    language = lang if lang in LANGUAGES else wall.company.language
    company = wall.company
    return frame.wall(
        language, company.name, company.timezone, chosen(scenes), seconds(dwell), wall.panels(language), app_hash(),
        wall.states(), is_local(),
    )  # fmt: skip


dash.register_page(__name__, path="/wall", title="Tandem", layout=layout)  # type: ignore[no-untyped-call]
