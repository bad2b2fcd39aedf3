"""A chart is drawn in the wall's terms; a desk shows the same figure smaller and on white."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import Any

from components.theme import tokens

# What the browser scales on the wall is scaled here for a desk: the same list as in assets/30-wall-figure.js.
_PX = {"standoff", "xshift", "yshift", "ax", "ay", "borderpad", "ticklen", "ticklabelstandoff", "tickwidth"}
_ENCODED = re.compile(r"%23([0-9A-Fa-f]{6})")
_SIZED = ("font", "marker", "pattern")


def desk(figure: Mapping[str, Any], k: float = 0.6) -> dict[str, Any]:
    """The figure with every px times `k` and each dark colour as its light twin."""
    found = _restate(dict(figure), k, "")
    assert isinstance(found, dict)
    return found


def relit(tree: Any) -> Any:
    """A tree of components whose little drawings (images as data) have the light twins of their colours."""
    for node in tree if isinstance(tree, list | tuple) else [tree]:
        source = getattr(node, "src", None)
        if isinstance(source, str) and source.startswith("data:"):
            node.src = _ENCODED.sub(lambda found: "%23" + _colour(f"#{found[1]}")[1:], source)
        if getattr(node, "children", None) is not None:
            relit(node.children)
    return tree


@cache
def _twins() -> dict[str, str]:
    dark, light = tokens("dark"), tokens("light")
    twins: dict[str, str] = {}
    for name, value in dark.items():  # the first name of a colour speaks for it; later ones may share it
        if value.startswith("#") and name in light:
            twins.setdefault(value, light[name])
    return twins | {_rgb(old): _rgb(new) for old, new in twins.items()}


def _rgb(value: str) -> str:
    return ",".join(str(int(value[i : i + 2], 16)) for i in (1, 3, 5))


def _colour(value: str) -> str:
    if value.startswith("rgba("):
        inner, _, opacity = value[5:-1].rpartition(",")
        return f"rgba({_twins().get(inner, inner)},{opacity})"
    return _twins().get(value, value)


def _restate(node: Any, k: float, parent: str) -> Any:
    if isinstance(node, list):
        return [_restate(item, k, parent) if isinstance(item, dict | list) else _plain(item) for item in node]
    if not isinstance(node, dict):
        return _plain(node)
    out: dict[str, Any] = {}
    for key, value in node.items():
        sized = key == "size" and parent.endswith(_SIZED)
        px = key in _PX or sized or (key == "width" and parent == "line") or parent == "margin"
        if px and isinstance(value, int | float):
            out[key] = round(value * k, 2)
        elif px and isinstance(value, list):
            out[key] = [round(item * k, 2) if isinstance(item, int | float) else item for item in value]
        else:
            out[key] = _restate(value, k, key if isinstance(value, dict | list) else parent)
    return out


def _plain(value: Any) -> Any:
    return _colour(value) if isinstance(value, str) else value
