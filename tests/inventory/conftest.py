"""The demo company's figures by its API, and its sources as an oracle reads them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.inventory.demand_oracle import Demand
from tests.links import published_links
from tests.served import DemoCompany, Served

Ask = Callable[..., list[dict[str, Any]]]


@pytest.fixture(scope="session")
def ask(served: Served) -> Ask:
    """ask(panel, filter=value or values) -> its rows."""
    return served.rows


@pytest.fixture(scope="session")
def category() -> str:
    """One category of products, to narrow panels by."""
    return "Process pumps"


@pytest.fixture(scope="session")
def place() -> str:
    """One warehouse."""
    return "SH"


@pytest.fixture(scope="session")
def stock(demo_company: DemoCompany) -> Demand:
    return Demand(demo_company.folder, demo_company.today, published_links(demo_company.folder))
