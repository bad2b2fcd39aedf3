"""Demand by month: what was asked for, what is expected on top of it, and the same month of last year."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from components import format as fmt
from components.charts.months import month_text
from components.rows import number
from components.theme import alpha, colour

if TYPE_CHECKING:
    from components.desk.view import View

Row = Mapping[str, Any]
Dict = dict[str, Any]


def figure(rows: Sequence[Row], unit: fmt.Unit, view: View) -> Dict:
    """rows: of queries/production/months.sql."""
    months = [month_text(row["month"], view.lang) for row in rows]
    asked, expected, before = (_values(rows, name, unit) for name in ("asked_base", "expected_base", "last_year"))
    tall = [(one or 0) + (two or 0) for one, two in zip(asked, expected, strict=True)]
    top = max([*tall, *(value or 0 for value in before)])
    return {
        "data": [
            _bars(rows, "asked_base", colour("text-2", "light"), unit, view),
            _bars(rows, "expected_base", alpha("erp", 0.75, "light"), unit, view),
            {
                "type": "scatter",
                "mode": "markers",
                "x": list(range(len(rows))),
                "y": before,
                "hovertext": _told(rows, "last_year", unit, view),
                "hoverinfo": "text",
                "marker": {"symbol": "line-ew", "size": 22, "line": {"width": 2.5, "color": colour("text", "light")}},
            },
        ],
        "layout": {
            "barmode": "stack",
            "bargap": 0.32,
            "margin": {"l": 40, "r": 10, "t": 8, "b": 24},
            "xaxis": {"tickvals": list(range(1, len(rows), 3)), "ticktext": months[1::3], "tickangle": 0,
                      "range": [-0.6, len(rows) - 0.4], "showgrid": False},
            "yaxis": {"range": [0, 1.08 * top or 1], "nticks": 4, "tickformat": ",~f"},
        },
    }  # fmt: skip


def _values(rows: Sequence[Row], name: str, unit: fmt.Unit) -> list[float | None]:
    return [None if row[name] is None else round(number(row[name]) / unit.divisor, 4) for row in rows]


def _bars(rows: Sequence[Row], name: str, ink: str, unit: fmt.Unit, view: View) -> Dict:
    return {
        "type": "bar",
        "x": list(range(len(rows))),
        "y": _values(rows, name, unit),
        "marker": {"color": ink},
        "hovertext": _told(rows, name, unit, view),
        "hoverinfo": "text",
        "textposition": "none",
    }


def _told(rows: Sequence[Row], name: str, unit: fmt.Unit, view: View) -> list[str]:
    return [
        view.t(
            f"production.months.{name}_of",
            month=fmt.month(row["month"], view.lang),
            money=fmt.money(number(row[name]), view.company.currency, unit, 1),
        )
        for row in rows
    ]
