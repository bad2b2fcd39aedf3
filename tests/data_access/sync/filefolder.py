"""A company whose only source is a folder of CSV files."""

from __future__ import annotations

import csv
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from data_access.sync.extract import StreamReport
from data_access.sync.runs import RunReport
from tests.data_access.sync.conftest import Tiny

PROFILE = """
system = "folder"
title = "Folder"
kind = "files"
[files]
decimal = ","
{form}
[stream.party]
table = "party*.csv"
key = ["id"]
[stream.party.columns]
id = "integer"
name = {{ type = "text", from = "Firma" }}
credit = {{ type = "decimal(18,2)", from = "Kredit" }}
[entity.customer]
from = "party p"
fields = {{ customer_id = "p.id", name = "p.name", segment = "p.credit" }}
"""


@dataclass
class Folder(Tiny):
    """The company whose only source is a folder."""

    @property
    def files(self) -> Path:
        return self.folder / "in"

    def form(self, text: str = "", profile: str = PROFILE) -> None:
        (self.folder / "folder.toml").write_text(profile.format(form=text), encoding="utf-8")

    def put(self, name: str, rows: dict[int, str], at: int = 0, ending: str = "") -> None:
        """id -> name; at: hours of age."""
        with open(self.files / name, "w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file, delimiter=";")
            writer.writerow(["id", "Firma", "Kredit"])
            writer.writerows((key, value, "1,50") for key, value in rows.items())
            file.write(ending)
        moment = 1_790_000_000 - 3600 * at
        os.utime(self.files / name, (moment, moment))

    def run(self, **options: Any) -> tuple[RunReport, StreamReport]:
        report = self.sync(**options)
        (stream,) = report.streams
        counts = stream.counts
        assert counts.read == counts.inserted + counts.updated + counts.unchanged + counts.rejected
        return report, stream

    def counts(self, **options: Any) -> tuple[int, int, int, int, int]:
        """(read, inserted, updated, deleted, rejected) of a run that goes well."""
        report, stream = self.run(**options)
        assert (stream.status, stream.error) == ("ok", ""), report.errors
        found = stream.counts
        return found.read, found.inserted, found.updated, found.deleted, found.rejected

    def landed(self) -> dict[int, str]:
        with duckdb.connect() as con:
            con.execute(f"ATTACH '{self.warehouse / 'landing.duckdb'}' AS landing (READ_ONLY)")
            return dict(con.execute("SELECT id, name FROM landing.erp__party WHERE _deleted_at IS NULL").fetchall())
