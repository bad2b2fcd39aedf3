"""Reading ahead: pages are landed in a thread of their own while the next ones are read."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from types import TracebackType
from typing import Generic, TypeVar

import pyarrow as pa

STORE_ROWS = 122_880  # a row group of the store: landing whole ones costs least, and leaves none to be put together
GROUP_ROWS = 2 * STORE_ROWS  # and bytes, that may wait
GROUP_BYTES = 64 << 20
PATIENCE_SECONDS = 0.5

Note = TypeVar("Note")
Waiting = deque[tuple[pa.Table, Note]]


class Lander(Generic[Note]):
    """Gives pages to `land` in their order, those that wait and have one schema as one page with the note of the last.

    Pages wait for others for a moment, at most a group of them while another is landed; a single page is landed in the
    caller's thread. Leaving lands what still waits, also when reading failed: what was read is kept. Errors of `land`
    are raised by `take` or on leaving.
    """

    def __init__(self, land: Callable[[pa.Table, Note], None]) -> None:
        self._land = land
        self._waiting: Waiting[Note] = deque()
        self._change = threading.Condition()
        self._over = False
        self._error: BaseException | None = None
        self._thread: threading.Thread | None = None

    def take(self, page: pa.Table, note: Note) -> None:
        """Waits while more than a group's rows wait."""
        if self._thread is None and self._waiting:  # before waiting: the first page alone may be a whole group
            self._thread = threading.Thread(target=self._work, name="land", daemon=True)
            self._thread.start()
        with self._change:
            self._change.wait_for(lambda: self._error is not None or not _full(self._waiting))
            if self._error is not None:
                raise self._error
            self._waiting.append((page, note))
            self._change.notify_all()

    def __enter__(self) -> Lander[Note]:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with self._change:
            self._over = True
            self._change.notify_all()
        if self._thread is None:
            self._work()
        else:
            self._thread.join()
        if self._error is not None and self._error is not error:
            raise self._error

    def _work(self) -> None:
        while True:
            with self._change:
                self._change.wait_for(lambda: bool(self._waiting) or self._over)
                self._change.wait_for(lambda: self._over or _ripe(self._waiting), PATIENCE_SECONDS)
                if not self._waiting:
                    return
                page, note = _group(self._waiting)
                self._change.notify_all()
            try:
                self._land(page, note)
            except BaseException as error:
                with self._change:
                    self._error = error
                    self._waiting.clear()
                    self._change.notify_all()
                return


def _rows(waiting: Waiting[Note]) -> int:
    return sum(page.num_rows for page, _ in waiting)


def _ripe(waiting: Waiting[Note]) -> bool:
    return _rows(waiting) >= STORE_ROWS or _full(waiting)


def _full(waiting: Waiting[Note]) -> bool:
    return _rows(waiting) >= GROUP_ROWS or sum(page.nbytes for page, _ in waiting) >= GROUP_BYTES


def _group(waiting: Waiting[Note]) -> tuple[pa.Table, Note]:
    """Takes the pages that can go together, at least one; of pages without a note just whole row groups, if there are
    any: the rest of the last one waits on."""
    first, note = waiting.popleft()
    pages = [first]
    while waiting and waiting[0][0].schema.equals(first.schema):
        page, note = waiting.popleft()
        pages.append(page)
    group = pa.concat_tables(pages) if len(pages) > 1 else first
    whole = group.num_rows // STORE_ROWS * STORE_ROWS
    if note is None and 0 < whole < group.num_rows:
        waiting.appendleft((group.slice(whole), note))
        group = group.slice(0, whole)
    return group, note
