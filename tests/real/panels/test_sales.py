"""The overview and the sales page of a company of Tryton and BottleCRM, judged as the demo company's are."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.real
__all__ = [name for name in dir() if name.startswith("test_")]
