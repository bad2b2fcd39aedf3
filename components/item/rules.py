"""What an item is planned with, in one line: its parameters and where each comes from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from dash import html

from components import format as fmt
from components.rows import number

if TYPE_CHECKING:
    from components.desk.view import View

Row = Mapping[str, Any]


def planned_with(rows: Sequence[Row], view: View) -> Any:
    """The line under the balance; nothing for what is not planned."""
    if not rows:
        return None
    one = rows[0]
    told = [_lead_time(one, view), _safety(one, view), _lots(one, view), _cover(one, view), _levels(one, view)]
    parts: list[Any] = [html.B(view.t("item.rules.head"))]
    for text in filter(None, told):
        parts.append(html.Span(text))
    return html.Div(parts, className="honest rules")


def _lead_time(one: Row, view: View) -> str:
    return view.t(f"item.rules.lead.{one['lead_time_from']}", n=fmt.number(one["lead_time_days"]))


def _safety(one: Row, view: View) -> str:
    held, asked = number(one["safety_stock"]), one["measured"]
    text = view.t(f"item.rules.safety.{one['safety_from']}", n=fmt.number(held))
    if asked is None or one["safety_from"] == "measured" or round(number(asked)) == round(held):
        return text
    share = fmt.percent(one["service_level"], 0)
    return text + view.t("item.rules.asked", n=fmt.number(asked), share=share)


def _lots(one: Row, view: View) -> str:
    least, step = number(one["min_order_qty"]), number(one["order_multiple"])
    key = "both" if least > 0 and step > 0 else "least" if least > 0 else "step" if step > 0 else ""
    return view.t(f"item.rules.lot.{key}", least=fmt.number(least), step=fmt.number(step)) if key else ""


def _cover(one: Row, view: View) -> str:
    weeks = int(one["cover_weeks"])
    return view.t("item.rules.cover", n=weeks) if weeks > 1 else ""


def _levels(one: Row, view: View) -> str:
    return view.t("item.rules.levels", at=fmt.number(one["reorder_point"]), to=fmt.number(one["order_up_to"]))
