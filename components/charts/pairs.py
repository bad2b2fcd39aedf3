"""Two bars a row, an ERP figure above a CRM figure, named on the left and figured at their ends."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from components import format as fmt
from components.rows import number
from components.theme import colour

if TYPE_CHECKING:
    from components.desk.view import View

LEFT, RIGHT, SIZE = 104, 58, 12


@dataclass(frozen=True)
class Pair:
    """One row: what it is called, both amounts, where a click leads, and whether it stands back."""

    name: str
    erp: float
    crm: float
    href: str | None = None
    faded: bool = False


def figure(pairs: Sequence[Pair], view: View) -> dict[str, Any]:
    """The chart; amounts in one unit."""
    money = [value for pair in pairs for value in (pair.erp, pair.crm)]
    unit, currency = fmt.unit_for(money, view.lang), view.company.currency
    rows = list(range(len(pairs)))
    data, words = [], []
    for role, offset, width, values in (
        ("erp", -0.36, 0.36, [pair.erp for pair in pairs]),
        ("crm", 0.06, 0.22, [pair.crm for pair in pairs]),
    ):
        data.append(
            {
                "type": "bar", "orientation": "h", "x": values, "y": rows, "offset": offset, "width": width,
                "marker": {"color": [colour(role + ("-dim" if pair.faded else ""), "light") for pair in pairs]},
                "customdata": [pair.href for pair in pairs], "hoverinfo": "none",
            }
        )  # fmt: skip
        for row, value in zip(rows, values, strict=True):
            if number(value):
                ink = "text" if role == "erp" else "crm"
                text = fmt.money(value, currency, unit)
                words.append(_word(text, value, row + offset + width / 2, "x", 6, ink))
    for row, pair in zip(rows, pairs, strict=True):
        name = fmt.plotly_text(fmt.clip(pair.name, LEFT - 8, SIZE + 0.5))
        words.append(_word(name, 0, row, "paper", -LEFT, "text-3" if pair.faded else "text", SIZE + 0.5))
    return {
        "data": data,
        "layout": {
            "margin": {"l": LEFT, "r": RIGHT, "t": 2, "b": 2},
            "barmode": "overlay",
            "annotations": words,
            "xaxis": {"visible": False, "range": [0, max([*money, 1.0])]},
            "yaxis": {"visible": False, "range": [len(pairs) - 0.45, -0.55]},
        },
    }


def _word(text: str, x: float, y: float, ref: str, shift: float, ink: str, size: float = SIZE) -> dict[str, Any]:
    return {
        "text": text, "x": x, "xref": ref, "y": y, "yref": "y", "xanchor": "left", "yanchor": "middle", "xshift": shift,
        "font": {"size": size, "color": colour(ink, "light")},
    }  # fmt: skip
