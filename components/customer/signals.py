"""Why a customer may leave, in words: one short phrase a signal, and the level as blocks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from components import format as fmt
from components.i18n import has

if TYPE_CHECKING:
    from components.desk.view import View

LEVELS = ("none", "low", "medium", "high")
STATUS = {"medium": "warn", "high": "crit"}
ALARM = {"do_not_lose": "crit", "slipping": "warn"}  # of the nine segments only these ask for something
Signal = Mapping[str, Any]


def phrase(signal: Signal, view: View) -> str:
    """One signal; a code that has no words yet stands for itself."""
    code, figure, day = signal["code"], signal.get("figure"), signal.get("day")
    if not has(view.lang, f"signal.{code}"):
        return str(code)
    money = fmt.money(figure, view.company.currency, fmt.unit_for([figure], view.lang))
    count = 0 if figure is None else round(float(figure))
    return view.t(
        f"signal.{code}",
        n=count,
        money=money,
        figure=fmt.number(figure, 1),
        change=fmt.change(figure, 0),
        day=fmt.short_date(day, view.lang),
        subject=short(signal.get("subject")),
    )


def because(signals: Sequence[Signal], view: View, most: int = 2) -> str:
    """The weightiest signals in one line."""
    return view.t("desk.and_short").join(phrase(one, view) for one in signals[:most])


def level(risk: int) -> str:
    """none, low, medium or high: one block a signal, three at most."""
    return LEVELS[max(0, min(risk, 3))]


def short(text: Any, most: int = 60) -> str:
    """People's text cut to what a line can hold."""
    whole = str(text or fmt.MISSING)
    return whole if len(whole) <= most else whole[: most - 1] + "…"
