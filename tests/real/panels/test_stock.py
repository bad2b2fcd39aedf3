"""The inventory scene of a company of Tryton and BottleCRM: the same comparisons that judge the demo company."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.real
__all__ = [name for name in dir() if name.startswith("test_")]
