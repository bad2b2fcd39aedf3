"""Numbers, money, dates and names as people read them, in English and in Chinese."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any
from zoneinfo import ZoneInfo

from data_access.names import legal_forms

MISSING = "–"
MINUS = "−"
UP, DOWN = "▲", "▼"
SYMBOLS: Mapping[str, str] = {
    "CNY": "¥", "JPY": "¥", "USD": "$", "EUR": "€", "GBP": "£", "INR": "₹", "KRW": "₩", "VND": "₫", "THB": "฿",
    "HKD": "HK$", "TWD": "NT$", "SGD": "S$", "AUD": "A$", "CAD": "C$", "BRL": "R$", "TRY": "₺", "PHP": "₱",
}  # fmt: skip
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
WEEKDAYS = {"en": ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"), "zh": tuple("一二三四五六日")}


@dataclass(frozen=True)
class Unit:
    """What a panel counts money in: value / divisor, rounded to `digits`, then `suffix`."""

    divisor: int
    suffix: str
    digits: int


def number(value: Any, digits: int = 0) -> str:
    """Grouped, rounded half up, with a true minus; None and NaN become a dash, a rounded zero has no sign."""
    if value is None or value != value:
        return MISSING
    exact = value if isinstance(value, Decimal) else Decimal(repr(float(value)))
    rounded = exact.quantize(Decimal(1).scaleb(-digits), rounding=ROUND_HALF_UP)
    return (MINUS if rounded < 0 else "") + f"{abs(rounded):,}"


def symbol(currency: str) -> str:
    """The currency's sign, or its code and a no-break space."""
    return SYMBOLS.get(currency, f"{currency}\u00a0")


def _units(lang: str, kpi: bool) -> tuple[Unit, ...]:
    if lang == "zh":
        small = Unit(10**4, "万", 1)
        return (Unit(1, "", 0), small, Unit(10**4, "万", 0), Unit(10**8, "亿", 2))
    return (Unit(1, "", 0), Unit(10**3, "K", 1), Unit(10**6, "M", 1 if kpi else 2), Unit(10**9, "B", 2))


def unit_for(values: Iterable[Any], lang: str, *, kpi: bool = False) -> Unit:
    """One unit for all figures of a panel, chosen so that the largest stays short."""
    known = [abs(float(v)) for v in values if v is not None and v == v]
    largest = max(known, default=0.0)
    units = _units(lang, kpi)
    limits = (10**4, 100, 10**4, None) if lang == "zh" else (10**3, 10**3, 10**3, None)
    for unit, limit in zip(units, limits, strict=True):
        shown = Decimal(number(largest / unit.divisor, unit.digits).replace(",", ""))
        if limit is None or shown < limit:
            most = 1 if unit.digits == 2 or kpi else 0  # a panel's figures have three digits, a headline's four
            long = shown >= (10 if kpi and unit.digits == 2 else 100)
            return Unit(unit.divisor, unit.suffix, most) if long and unit.digits > most else unit
    return units[-1]


def money_parts(value: Any, currency: str, unit: Unit, digits: int | None = None) -> tuple[str, str, str]:
    """(sign and symbol, digits, suffix), for markup that sets the unit smaller. What would round to nothing is told
    as less than the smallest figure of the unit."""
    if value is None or value != value:
        return "", MISSING, ""
    places = unit.digits if digits is None else min(digits, unit.digits)
    text = number(float(value) / unit.divisor, places)
    if value > 0 and not text.strip("0."):
        return "<" + symbol(currency), number(10**-places, places), unit.suffix
    minus = MINUS if text.startswith(MINUS) else ""
    return minus + symbol(currency), text.removeprefix(MINUS), unit.suffix


def money(value: Any, currency: str, unit: Unit, digits: int | None = None) -> str:
    """Money in a panel's unit as one text; `digits` can only make it shorter."""
    return "".join(money_parts(value, currency, unit, digits))


def percent(value: Any, digits: int = 1) -> str:
    """A fraction as per cent."""
    return MISSING if value is None or value != value else number(float(value) * 100, digits) + "%"


def arrow(value: Any, digits: int = 1) -> tuple[str, str]:
    """(▲ or ▼ or nothing, per cent without sign) of a change given as fraction."""
    if value is None or value != value:
        return "", MISSING
    text = number(float(value) * 100, digits)
    if not text.strip("0.,"):
        return "", text
    return (DOWN if text.startswith(MINUS) else UP), text.removeprefix(MINUS)


def change(value: Any, digits: int = 1) -> str:
    """A relative change: '▲ 12.4%', '▲ 142%', '▲ >999%'; never carried by colour alone."""
    if value is not None and abs(value) >= 9.995:
        return f"{UP if value > 0 else DOWN} >999%"
    sign, text = arrow(value, 0 if value is not None and abs(value) >= 0.9995 else digits)
    return text if text == MISSING else f"{sign} {text}%".strip()


def short_date(day: date | None, lang: str) -> str:
    """'2 Dec' or '12月2日'."""
    if day is None:
        return MISSING
    return f"{day.month}月{day.day}日" if lang == "zh" else f"{day.day} {MONTHS[day.month - 1]}"


def full_date(day: date | None, lang: str, year: int | None = None) -> str:
    """With its year, where that is not `year`: '23 Nov 2026' or '2026年11月23日'."""
    text = short_date(day, lang)
    if day is None or day.year == year:
        return text
    return f"{day.year}年{text}" if lang == "zh" else f"{text} {day.year}"


def month(day: date, lang: str) -> str:
    """'Nov 2026' or '2026年11月'."""
    return f"{day.year}年{day.month}月" if lang == "zh" else f"{MONTHS[day.month - 1]} {day.year}"


def long_date(day: date, lang: str) -> str:
    """'Mon 23 Nov' or '11月23日 周一'."""
    name = WEEKDAYS[lang][day.weekday()]
    return f"{short_date(day, lang)} 周{name}" if lang == "zh" else f"{name} {short_date(day, lang)}"


def week(day: date, lang: str) -> str:
    """The ISO week: 'W50' or '50周'."""
    n = day.isocalendar().week
    return f"{n}周" if lang == "zh" else f"W{n}"


def clock(instant: datetime, timezone: str) -> str:
    """Hours and minutes in the company's time zone."""
    return instant.astimezone(ZoneInfo(timezone)).strftime("%H:%M")


def moment(instant: datetime, lang: str, timezone: str) -> str:
    """Date and time in the company's time zone: '23 Nov 2026 08:30'."""
    return f"{full_date(instant.astimezone(ZoneInfo(timezone)).date(), lang)} {clock(instant, timezone)}"


def plotly_text(text: str) -> str:
    """Text of people made safe for Plotly, which reads tags and entities in labels."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


EMS = (  # advance widths of IBM Plex Sans Bold in em, by letter; the widest weight serves for all
    (0.25, " '"), (0.31, "ijl,.!"), (0.38, ":;[](){}ft"), (0.43, "-rI|/"), (0.53, "scz?Lyvg\""), (0.57, "J_eoxakFT"),
    (0.61, "0123456789¥€+−$*<=>~^`hnuEZbdpqS#"), (0.67, "CVYPBRX"), (0.72, "AUDKOQ&GHN"), (0.85, "Mwm"), (0.97, "%W@…"),
)  # fmt: skip
_FORMS = legal_forms()
_DOTTED = [r"\.?".join(form) for form in _FORMS.words]  # K.K. is kk
LEGAL_FORM = re.compile(
    rf"([ ,]+({'|'.join([*_DOTTED, *_FORMS.joining, '&'])})\.?)+$|({'|'.join(_FORMS.endings)})$", re.IGNORECASE
)
EM = {char: em for em, chars in EMS for char in chars}


def trade_name(name: str) -> str:
    """A company as people call it, without its legal form, for where room is short; a bare legal form stays."""
    short = LEGAL_FORM.sub("", name).rstrip(" ,，&")
    return short if LEGAL_FORM.sub("", f" {short}").strip() else name


def text_width(text: str, size: float) -> float:
    """Rough width in px in IBM Plex Sans, on the wide side; CJK is one em."""
    return sum(map(_em, text)) * size


def _em(char: str) -> float:
    return 1.0 if unicodedata.east_asian_width(char) in "WF" else EM.get(char, 0.7)


def clip(text: str, room: float, size: float) -> str:
    """Shorten a name with an ellipsis so that it fits `room` px."""
    used, fits = 0.0, 0  # fits: letters that leave room for the ellipsis
    for count, char in enumerate(text, 1):
        used += _em(char) * size
        if used + _em("…") * size <= room:
            fits = count
        elif used > room:
            text = text[:fits]
            break
    else:
        return text
    return text.rstrip() + "…"
