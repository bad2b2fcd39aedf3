"""What the engine needs of any connector, whatever the system behind it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol, runtime_checkable

import pyarrow as pa

CURSOR_COLUMN = "_cursor"
_RESUME = b"resume"


class Connector(Protocol):
    """Reads one source. Pages are Arrow: declared columns in profile order as the driver gave them, then `_cursor`."""

    def check(self) -> float:
        """Connect and answer the source clock minus ours, in seconds; SourceError otherwise."""

    def now(self) -> datetime:
        """The source's clock, UTC."""

    def snapshot(self, *, shared: bool = False) -> AbstractContextManager[None]:
        """One consistent read transaction around the reads of a stream, where the source has such a thing; `shared`: of
        several. One within another is that one."""

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
class Resumable(Protocol):
    """A connector whose pages do not come in the order of the cursor: each tells where the next one begins. Without
    `since` all rows come, whatever `until`, and where `reads_all` is set none there all the time is ever passed over:
    what did not come is gone."""

    reads_all: bool

    def read_from(
        self, stream: str, since: datetime | None, until: datetime | None, token: str | None
    ) -> Iterator[pa.Table]:
        """As `read`, from where the page with this token ended."""


@dataclass(frozen=True)
class Quota:
    """Requests that an account may still make, and when it may make more, as the system says it."""

    left: int
    resets: str


def with_resume(page: pa.Table, token: str | None) -> pa.Table:
    """Marks a page as not in cursor order; `token` says where the next begins, None where nobody can resume there."""
    return page.replace_schema_metadata({_RESUME: (token or "").encode()})


@contextmanager
def ended(pages: Iterator[pa.Table]) -> Iterator[None]:
    """Closes a read that was not finished, while its connection still is open and in the thread that opened it."""
    try:
        yield
    finally:
        close = getattr(pages, "close", None)
        if close is not None:
            close()


def in_cursor_order(page: pa.Table) -> bool:
    return _RESUME not in (page.schema.metadata or {})


def resume_token(page: pa.Table) -> str | None:
    found: bytes = (page.schema.metadata or {}).get(_RESUME, b"")
    return found.decode() or None


@dataclass(frozen=True)
class News:
    """What became of a stream since `state` was told last time. newest: its newest change; whole: read() gives its
    rows, else read_news() those of what changed; deletes: rows may be gone."""

    state: str
    newest: datetime | None
    changed: bool = True
    whole: bool = True
    deletes: bool = True


@runtime_checkable
class Remembers(Connector, Protocol):
    """A connector that can tell without reading that nothing changed, by a text kept for it beside the landed rows."""

    def news(self, stream: str, state: str | None) -> News:
        """Compared with `state`; None: nothing counts as read."""

    def read_news(self, stream: str) -> Iterator[pa.Table]:
        """The rows of what changed, after news() that is not whole."""


@runtime_checkable
class CountsDays(Protocol):
    """A connector that can say how many rows a business day has: what reconciliation asks, where it is offered."""

    def count_by_day(self, stream: str, until: datetime | None) -> pa.Table:
        """day_, rows_, total_ of the stream's [reconcile] columns, of rows with cursor <= until or none; total_ is NULL
        where the profile names no sum."""

    def read_days(self, stream: str, days: Sequence[date | None]) -> Iterator[pa.Table]:
        """The rows of these days (None: rows without one), as `read` gives them."""
