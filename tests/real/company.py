"""A company over real source databases: its tandem.toml, its syncs, and its published figures."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from data_access.config import Config, load_config
from data_access.connectors.profile import load_profile
from data_access.sync.run import run_sync
from data_access.sync.runs import RunReport
from data_access.versions import read_pointer
from tests.real.servers import Postgres


@dataclass
class RealCompany:
    """What a test does to a company: let it sync, and read what was landed and published."""

    config: Config

    def sync(self, **options: Any) -> RunReport:
        return run_sync(self.config, **options)

    def changes(self, **options: Any) -> dict[str, tuple[int, int, int]]:
        """Syncs; stream -> (inserted, updated, deleted) of those that changed. No stream may fail."""
        report = self.sync(**options)
        assert [stream.error for stream in report.streams if stream.status != "ok"] == []
        return {
            stream.entity: (stream.counts.inserted, stream.counts.updated, stream.counts.deleted)
            for stream in report.streams
            if stream.counts.changed
        }

    def read(self, sql: str, *values: Any) -> list[tuple[Any, ...]]:
        """Rows of the version in force."""
        folder = self.config.warehouse.path
        with duckdb.connect(str(folder / f"wh-{read_pointer(folder)}.duckdb"), read_only=True) as con:
            return con.execute(sql, values).fetchall()

    def value(self, sql: str, *values: Any) -> Any:
        ((found,),) = self.read(sql, *values)
        return found

    def read_landing(self, sql: str) -> list[tuple[Any, ...]]:
        """Rows of the landing store (attached as `landing`)."""
        with duckdb.connect() as con:
            con.execute(f"ATTACH '{self.config.warehouse.path / 'landing.duckdb'}' AS landing (READ_ONLY)")
            return con.execute(sql).fetchall()

    def landed(self, source: str, stream: str) -> set[tuple[Any, ...]]:
        """(key, cursor value in UTC) of the live rows."""
        select = f"SELECT _key, timezone('UTC', _changed_at) FROM landing.{source}__{stream} WHERE _deleted_at IS NULL"
        return set(self.read_landing(select))

    def differences(self, server: Postgres, database: str, source: str) -> dict[str, tuple[Any, ...]]:
        """The anti-joins both ways: stream -> (what only the source has, what only landing has), where there is any."""
        configured = self.config.find_source(source)
        found = {}
        for name, spec in load_profile(configured.system or "").stream.items():
            origin = f'"{spec.table}"' if spec.table else f"({spec.query})"
            cursor = f"({spec.cursor})::timestamp" if spec.cursor else "NULL"
            live = f"NOT ({spec.soft_delete})" if spec.soft_delete else "true"
            settings = {"company": "1"} | {key: value.reveal() for key, value in configured.settings.items()}
            select = f"SELECT {spec.columns[spec.key[0]].expression or spec.key[0]}::text, {cursor} FROM {origin} s"
            sql = f"{select} WHERE ({spec.where or 'true'}) AND {live}"
            for key, value in settings.items():
                sql = sql.replace(f"{{{key}}}", value)
            theirs = set(server.sql(database, "SET TIME ZONE 'UTC'", sql))
            ours = self.landed(source, name)
            if theirs != ours:
                found[name] = (sorted(theirs - ours)[:5], sorted(ours - theirs)[:5])
        return found


def make_company(folder: Path, *sources: dict[str, str], currency: str = "EUR") -> RealCompany:
    blocks = "".join("[[source]]\n" + "".join(f'{k} = "{v}"\n' for k, v in source.items()) for source in sources)
    (folder / "tandem.toml").write_text(
        f'[company]\nname = "Test"\ncurrency = "{currency}"\ntimezone = "Europe/Berlin"\n'
        f'[warehouse]\npath = "warehouse"\n{blocks}',
        encoding="utf-8",
    )
    return RealCompany(load_config(folder / "tandem.toml"))
