"""The two source databases of the demo company, and money as their own exchange rates make it: the ground that every
oracle stands on. Plain SQL and decimals, nothing of Tandem."""

from __future__ import annotations

import sqlite3
from bisect import bisect_right
from collections import defaultdict
from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal
from functools import cached_property
from pathlib import Path

BASE, CENT = "CNY", Decimal("0.01")
UNIT = {"CNY": CENT, "EUR": CENT, "USD": CENT, "JPY": Decimal(1)}  # what one minor unit is worth


class Sources:
    """Both databases, and the company's day the figures are for."""

    def __init__(self, folder: Path, today: date) -> None:
        self.erp, self.crm = (sqlite3.connect(folder / f"{name}.db") for name in ("erp", "crm"))
        self.folder, self.today, self.month = folder, today, today.replace(day=1)

    @cached_property
    def rates(self) -> dict[str, tuple[list[str], list[Decimal]]]:
        """Currency -> (days, units of it for one of the base currency from that day on)."""
        found = defaultdict[str, tuple[list[str], list[Decimal]]](lambda: ([], []))
        for currency, day, rate in self.erp.execute("SELECT cur, dat, rate FROM fx ORDER BY dat"):
            found[currency][0].append(day)
            found[currency][1].append(Decimal(rate))
        return dict(found)

    def base(self, amount: Decimal | None, currency: str | None, day: date | str) -> Decimal | None:
        """In the base currency, half-even to the cent; None without an amount, a currency or a rate."""
        if amount is None or currency == BASE:
            return amount
        days, rates = self.rates.get(currency or "", ([], []))
        known = bisect_right(days, str(day))
        return (amount / rates[known - 1]).quantize(CENT, ROUND_HALF_EVEN) if known else None

    @staticmethod
    def money(minor: int, currency: str | None) -> Decimal:
        """Minor units as an amount."""
        return minor * UNIT.get(currency or "", CENT)
