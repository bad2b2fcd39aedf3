"""The wall's panels: rows in, what the browser needs out, as plain JSON values."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from components.wall.scenes import SCENES
from data_access.panels import PANELS as KNOWN
from data_access.result import Result

if TYPE_CHECKING:
    from components.wall.scenes.scene import Builder
    from data_access.config import Company

Payload = dict[str, Any]

BUILDERS: Mapping[str, Builder] = {name: make for scene in SCENES.values() for name, make in scene.panels.items()}
# Panel -> the read functions whose Results it needs; the first decides its as-of time.
PANELS: Mapping[str, tuple[str, ...]] = {name: KNOWN[name].reads for name in BUILDERS}


def plain(value: Any) -> Any:
    """Dash components as the JSON the browser renders."""
    if hasattr(value, "to_plotly_json"):
        value = value.to_plotly_json()
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    return value


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
