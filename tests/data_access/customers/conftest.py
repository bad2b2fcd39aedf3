"""The demo company's published version, and its figures from the sources."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from data_access.warehouse import Reader
from tests.data_access.customers.crm_oracle import Notes
from tests.data_access.customers.customer_oracle import Books
from tests.links import published_links
from tests.served import DemoCompany


@dataclass
class Company:
    """A reader of the published version, and the two sides of the oracle."""

    reader: Reader
    books: Books
    notes: Notes


@pytest.fixture(scope="session")
def company(demo_company: DemoCompany) -> Company:
    folder = demo_company.folder
    links = {own: customer for (source, own), customer in published_links(folder).items() if source == "crm"}
    reader = Reader(folder / "warehouse")
    reader.refresh()
    books = Books(folder, reader.today)
    return Company(reader, books, Notes(folder, links, books))
