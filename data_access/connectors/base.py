"""What the engine needs of any connector, whatever the system behind it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from datetime import date, datetime
from typing import Protocol, runtime_checkable

import pyarrow as pa

CURSOR_COLUMN = "_cursor"


class Connector(Protocol):
    """Reads one source. Pages are Arrow: declared columns in profile order as the driver gave them, then `_cursor`."""

    def check(self) -> float:
        """Connect and answer the source clock minus ours, in seconds; SourceError otherwise."""

    def now(self) -> datetime:
        """The source's clock, UTC."""

    def snapshot(self) -> AbstractContextManager[None]:
        """One consistent read transaction around the reads of a stream, where the source has such a thing."""

    def read(self, stream: str, since: datetime | None, until: datetime | None) -> Iterator[pa.Table]:
        """Rows with since <= cursor <= until ordered by (cursor, key); without cursor or bounds the whole stream."""

    def read_keys(self, stream: str) -> Iterator[pa.Table]:
        """Key columns and `_cursor` of every row."""

    def read_by_keys(self, stream: str, keys: Sequence[tuple[object, ...]]) -> Iterator[pa.Table]:
        """The rows of these keys."""

    def discover(self) -> dict[str, dict[str, str]]:
        """Stream -> live column -> live type; streams whose object is gone are left out."""

    def close(self) -> None: ...


@runtime_checkable
class CountsDays(Protocol):
    """A connector that can say how many rows a business day has: what reconciliation asks, where it is offered."""

    def count_by_day(self, stream: str, until: datetime | None) -> pa.Table:
        """day_, rows_, total_ of the stream's [reconcile] columns, of rows with cursor <= until or none; total_ is NULL
        where the profile names no sum."""

    def read_days(self, stream: str, days: Sequence[date | None]) -> Iterator[pa.Table]:
        """The rows of these days (None: rows without one), as `read` gives them."""
