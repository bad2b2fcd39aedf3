"""One stream is read by one thread at a time: an older page must not land over a newer row."""

from __future__ import annotations

from threading import Lock


class Turns:
    """A lock for each stream of each source."""

    def __init__(self) -> None:
        self._guard = Lock()
        self._locks: dict[tuple[str, str], Lock] = {}

    def of(self, source: str, stream: str) -> Lock:
        with self._guard:
            return self._locks.setdefault((source, stream), Lock())
