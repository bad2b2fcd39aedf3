"""Progress of long work: a bar on a terminal; elsewhere a line a step, and one now and then while it lasts."""

from __future__ import annotations

import shutil
import sys
import threading
import time
from typing import TextIO

_BAR = 24


class ProgressPrinter:
    """Called with (step, label, done, total); total 0 means unknown. Safe from several threads."""

    def __init__(self, stream: TextIO | None = None, every_s: float = 5.0) -> None:
        self._stream = stream or sys.stderr
        self._bar = self._stream.isatty()
        self._every_s = 0.1 if self._bar else every_s
        self._lock = threading.Lock()
        self._steps: set[str] = set()
        self._last: tuple[str, str] = ("", "")
        self._at = -1e9
        self._open = False

    def __call__(self, step: str, label: str, done: int, total: int) -> None:
        with self._lock:
            now, here = time.monotonic(), (step, label)
            news = here != self._last or bool(total and done >= total) if self._bar else step not in self._steps
            if not news and now - self._at < self._every_s:
                return
            self._last, self._at = here, now
            self._steps.add(step)
            self._show(step, label, done, total)

    def close(self) -> None:
        """Ends the bar's line."""
        with self._lock:
            if self._open:
                self._stream.write("\n")
                self._stream.flush()
                self._open = False

    def _show(self, step: str, label: str, done: int, total: int) -> None:
        count = f"{done:,}/{total:,}" if total else (f"{done:,}" if done else "")
        text = " ".join(part for part in (step, label, count) if part)
        if self._bar:
            full = min(_BAR, round(_BAR * done / total)) if total else 0
            width = max(40, shutil.get_terminal_size().columns) - _BAR - 4
            self._stream.write(f"\r[{'#' * full}{'.' * (_BAR - full)}] {text[:width]:<{width}}")
            self._open = True
        else:
            self._stream.write(text + "\n")
        self._stream.flush()
