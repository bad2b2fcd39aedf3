"""How figures of the API and of the sources are compared."""

from __future__ import annotations

import pytest

CATEGORY = "Process pumps"


def close(expected: float, to: float = 1e-6, at_least: float = 0.02) -> object:
    """Equal but for `to` of it, or `at_least`."""
    return pytest.approx(expected, rel=to, abs=at_least)


def own(product: str) -> str:
    """The ERP's own id of an item."""
    return product.removeprefix("erp:")
