"""How figures of the API and of the sources are compared."""

from __future__ import annotations

import pytest


def close(expected: float, to: float = 1e-6, at_least: float = 0.02) -> object:
    """Equal but for `to` of it, or `at_least`."""
    return pytest.approx(expected, rel=to, abs=at_least)


def own(product: str) -> int:
    """The ERP's own number of an item, or of an order's line."""
    return int(product.removeprefix("erp:"))
