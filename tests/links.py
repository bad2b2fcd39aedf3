"""Who is who as a published version says: oracles of figures take it as given, identity has tests of its own."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

import duckdb

from data_access.versions import read_pointer


def published_links(folder: Path) -> dict[tuple[str, str], str]:
    """(source, the source's id) -> customer, of the version in force in the company's folder.

    Read from a copy: DuckDB opens a file only once in a process, and readers may have it open.
    """
    warehouse = folder / "warehouse"
    with tempfile.TemporaryDirectory() as place:
        copy = shutil.copyfile(warehouse / f"wh-{read_pointer(warehouse)}.duckdb", Path(place) / "copy.duckdb")
        with duckdb.connect(str(copy), read_only=True) as con:
            rows = con.execute("SELECT source, source_id, customer_id FROM core.customer_link").fetchall()
    return {(source, own): customer for source, own, customer in rows}
