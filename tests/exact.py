"""Numbers of source databases for oracles: what SQLite keeps as a float is exact again, and goes with floats too."""

from __future__ import annotations

import sqlite3
from decimal import Decimal
from pathlib import Path
from typing import Any


class Exact(Decimal):
    """A decimal that stays exact among its like and integers, and becomes a float beside a float."""

    def _with(self, other: Any, operation: str) -> Any:
        if isinstance(other, float):
            return getattr(float(self), operation)(other)
        found = getattr(Decimal, operation)(self, other)
        return found if found is NotImplemented else Exact(found)

    def __add__(self, other: Any) -> Any:
        return self._with(other, "__add__")

    def __radd__(self, other: Any) -> Any:
        return self._with(other, "__radd__")

    def __sub__(self, other: Any) -> Any:
        return self._with(other, "__sub__")

    def __rsub__(self, other: Any) -> Any:
        return self._with(other, "__rsub__")

    def __mul__(self, other: Any) -> Any:
        return self._with(other, "__mul__")

    def __rmul__(self, other: Any) -> Any:
        return self._with(other, "__rmul__")

    def __truediv__(self, other: Any) -> Any:
        return self._with(other, "__truediv__")

    def __rtruediv__(self, other: Any) -> Any:
        return self._with(other, "__rtruediv__")

    def __eq__(self, other: object) -> bool:
        return float(self) == other if isinstance(other, float) else Decimal.__eq__(self, other)

    def __ne__(self, other: object) -> bool:
        return not self == other

    __hash__ = Decimal.__hash__

    def __neg__(self) -> Exact:
        return Exact(Decimal.__neg__(self))

    def __abs__(self) -> Exact:
        return Exact(Decimal.__abs__(self))


def connect(file: Path) -> sqlite3.Connection:
    """Rows as tuples; a sum of floats is off far behind the sixth digit, which no source keeps."""
    connection = sqlite3.connect(file)
    connection.row_factory = lambda _, row: tuple(
        Exact(repr(round(value, 6))) if isinstance(value, float) else value for value in row
    )
    return connection
