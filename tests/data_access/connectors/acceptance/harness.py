"""One source read by the real engine into a landing store, with connectors that count what they read or break off."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa

from data_access.config import parse_config
from data_access.connectors.base import Connector
from data_access.errors import SourceError
from data_access.sync.engine import Engine
from data_access.sync.extract import Options, Retry, StreamReport
from data_access.sync.runs import Ledger
from data_access.sync.sources import OpenSource
from tests.data_access.connectors.acceptance.subjects import Subject

PLACE = {"sql": "url", "rest": "base_url", "files": "folder"}


class Watched:
    """A connector that counts the rows it gives, and breaks off before page number `cut`."""

    def __init__(self, inner: Connector, cut: int | None = None) -> None:
        self.inner, self.cut, self.rows, self.pages = inner, cut, 0, 0

    def __getattr__(self, name: str) -> Any:
        return getattr(self.inner, name)

    def read(self, stream: str, since: datetime | None, until: datetime | None) -> Iterator[pa.Table]:
        return self._count(self.inner.read(stream, since, until))

    def read_from(
        self, stream: str, since: datetime | None, until: datetime | None, token: str | None
    ) -> Iterator[pa.Table]:
        return self._count(self.inner.read_from(stream, since, until, token))  # type: ignore[attr-defined]

    def _count(self, pages: Iterator[pa.Table]) -> Iterator[pa.Table]:
        for page in pages:
            if self.cut is not None and self.pages >= self.cut:
                raise SourceError("broken off by the test")
            self.pages += 1
            self.rows += page.num_rows
            yield page


class Harness:
    """The engine over one subject; each `take` is a run of its one stream, an hour after the one before."""

    def __init__(self, subject: Subject, folder: Path) -> None:
        self.subject, self.hours = subject, 0
        kind = PLACE[subject.profile.kind]
        source = {
            "name": "it",
            "role": subject.profile.role or "crm",
            "system": subject.profile.system,
            kind: "unused://x",
        }
        self.config = parse_config(
            {
                "company": {"name": "Test", "currency": "CNY", "timezone": "Asia/Shanghai"},
                "warehouse": {"path": str(folder / "warehouse")},
                "source": [source],
            },
            folder / "tandem.toml",
        )
        self.engine = Engine(self.config, options=self._options())
        self.source: OpenSource = self.engine.sources[0]

    def close(self) -> None:
        self.engine.close()

    def take(self, cut: int | None = None, **options: Any) -> tuple[StreamReport, Watched]:
        """A run of the subject's stream; the connector shows what was read."""
        self.hours += 1
        self.engine.options = self._options(**options)
        watched = Watched(self.subject.open(), cut)
        ledger = Ledger(self.engine.state)
        (report,) = self.engine.take_up(self.source, [self.subject.stream], ledger, connect=lambda: watched)
        return report, watched

    def landed(self) -> dict[str, str]:
        """Key -> column of the live rows."""
        column, table = self.subject.column, f'landing."it__{self.subject.stream}"'
        rows = self.engine.con.execute(f"SELECT _key, {column} FROM {table} WHERE _deleted_at IS NULL").fetchall()
        return {key: str(text or "") for key, text in rows}

    def one(self, sql: str) -> Any:
        row = self.engine.con.execute(sql).fetchone()
        return row and row[0]

    def _options(self, **options: Any) -> Options:
        later = timedelta(hours=self.hours)
        return Options(
            retry=Retry(attempts=1, sleep=lambda seconds: None), clock=lambda: datetime.now(UTC) + later, **options
        )
