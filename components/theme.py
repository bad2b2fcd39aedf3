"""The design tokens as Python sees them: read from assets/00-tokens.css, so that a colour is written down once."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any, Literal

TOKENS_CSS = Path(__file__).resolve().parents[1] / "assets" / "00-tokens.css"
Mode = Literal["dark", "light"]

SMALL = 20  # px at 1920x1080: the smallest type on a wall
ROW = 22  # px: rows inside a chart


@cache
def tokens(mode: Mode = "dark") -> dict[str, str]:
    """Custom properties of one colour scheme, names without the leading dashes."""
    blocks: list[str] = re.findall(r":root[^{]*\{(.*?)\}", TOKENS_CSS.read_text(encoding="utf-8"), re.S)
    found = dict(re.findall(r"--([\w-]+):\s*([^;]+);", blocks[0]))
    if mode == "light":
        found |= dict(re.findall(r"--([\w-]+):\s*([^;]+);", blocks[1]))
    return found


def colour(name: str, mode: Mode = "dark") -> str:
    """A token's hex colour."""
    return tokens(mode)[name]


def alpha(name: str, opacity: float, mode: Mode = "dark") -> str:
    """A token's colour, see-through."""
    value = colour(name, mode).lstrip("#")
    red, green, blue = (int(value[i : i + 2], 16) for i in (0, 2, 4))
    return f"rgba({red},{green},{blue},{opacity:g})"


def stale_tints(mode: Mode = "dark") -> dict[str, str]:
    """Status colours and what they turn into where the data is old."""
    return {colour(name, mode): colour(f"{name}-stale", mode) for name in ("crit", "warn")}


def plotly_template(mode: Mode = "dark", size: int = SMALL) -> dict[str, Any]:
    """The chart template, handed to the browser once a page; sizes in px at the reference size."""
    ink = tokens(mode)
    axis = {
        "showgrid": True,
        "gridcolor": ink["grid"],
        "gridwidth": 1,
        "zeroline": False,
        "showline": False,
        "ticks": "",
        "tickfont": {"size": size, "color": ink["text-3"]},
        "automargin": False,
        "fixedrange": True,
    }
    return {
        "layout": {
            "font": {"family": ink["sans"], "size": size, "color": ink["text-2"]},
            "paper_bgcolor": "rgba(0,0,0,0)",
            "plot_bgcolor": "rgba(0,0,0,0)",
            "colorway": [ink[name] for name in ("erp", "crm", "neutral", "text-2", "erp-dim", "crm-dim")],
            "margin": {"l": 0, "r": 0, "t": 0, "b": 0, "pad": 0},
            "showlegend": False,
            "xaxis": axis,
            "yaxis": axis,
            "bargap": 0.25,
            "separators": ".,",
            "annotationdefaults": {"showarrow": False, "font": {"size": size, "color": ink["text-2"]}, "borderpad": 0},
            "transition": {"duration": 0},
        },
        "data": {
            "bar": [{"type": "bar", "marker": {"line": {"width": 0}}}],
            "scatter": [{"type": "scatter", "line": {"width": 3}, "cliponaxis": False}],
        },
    }
