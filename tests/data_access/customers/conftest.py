"""A demo company, synced once by the command line, and its figures from the sources."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pytest

from data_access.warehouse import Reader
from tests.data_access.customers.crm_oracle import Notes
from tests.data_access.customers.customer_oracle import Books

ROOT = Path(__file__).resolve().parents[3]


@dataclass
class Company:
    """A reader of the published version, and the two sides of the oracle."""

    reader: Reader
    books: Books
    notes: Notes


@pytest.fixture(scope="session")
def company(tmp_path_factory: pytest.TempPathFactory) -> Company:
    folder = tmp_path_factory.mktemp("customers")
    for command in (["demo", str(folder), "--lines", "12000"], ["sync", "--config", str(folder / "tandem.toml")]):
        subprocess.run([sys.executable, "app.py", *command], cwd=ROOT, check=True, capture_output=True, timeout=300)
    version = (folder / "warehouse" / "current").read_text().strip()
    with duckdb.connect(str(folder / "warehouse" / f"wh-{version}.duckdb"), read_only=True) as con:
        links = con.execute("SELECT source_id, customer_id FROM core.customer_link WHERE source = 'crm'").fetchall()
    reader = Reader(folder / "warehouse")
    reader.refresh()
    books = Books(folder, reader.today)
    return Company(reader, books, Notes(folder, dict(links), books))
