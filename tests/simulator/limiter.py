"""How often a system lets itself be asked."""

from __future__ import annotations

import time
from collections import defaultdict, deque
from collections.abc import Callable


class SlidingWindow:
    """At most so many requests in any one second, by path and in all; None: no limit. A refused one does not count."""

    def __init__(
        self, per_path: int | None, total: int | None, clock: Callable[[], float] = time.monotonic, seconds: float = 1.0
    ) -> None:
        self.per_path, self.total, self.clock, self.seconds = per_path, total, clock, seconds
        self._all: deque[float] = deque()
        self._by_path: dict[str, deque[float]] = defaultdict(deque)

    def over(self, path: str) -> str:
        """Which limit this request would break ("total", "path"), or "" where it may pass; then it counts."""
        now = self.clock()
        for window in (self._all, self._by_path[path]):
            while window and window[0] <= now - self.seconds:
                window.popleft()
        if self.total is not None and len(self._all) >= self.total:
            return "total"
        if self.per_path is not None and len(self._by_path[path]) >= self.per_path:
            return "path"
        self._all.append(now)
        self._by_path[path].append(now)
        return ""
