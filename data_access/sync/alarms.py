"""Looks every few seconds at what is wrong and tells it, in a thread that no sync ever waits for."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

from data_access.alerts import book, messages
from data_access.alerts.causes import Cause, causes
from data_access.alerts.send import send
from data_access.config import Config
from data_access.errors import TandemError
from data_access.state import State
from data_access.sync.marks import staging_rejects

log = logging.getLogger("tandem.alerts")
LOOK_SECONDS = 5.0
MOST_WAIT_SECONDS = 600.0

Send = Callable[[str, str, dict[str, Any], Callable[[float], object]], None]


class Alarms:
    """Keeps the book of alerts and sends what is due. A receiver that is away is tried again ever more rarely."""

    def __init__(
        self, config: Config, state: State, clock: Callable[[], datetime], stop: threading.Event, send: Send = send
    ) -> None:
        self.config, self.state, self.clock, self.stop = config, state, clock, stop
        self._send = send
        self._failures = 0
        self._not_before: datetime | None = None

    def run(self) -> None:
        """Until `stop` is set; nothing that goes wrong here ends the sync."""
        while not self.stop.wait(LOOK_SECONDS):
            try:
                self.look()
            except TandemError as error:
                log.error("%s", error.line())
            except Exception:
                log.exception("alerts could not be looked at")

    def look(self) -> None:
        """Enters what is wrong in the book and tells what is due; TandemError when a message was not taken."""
        now, company = self.clock(), self.config.company
        found = causes(self.config, self.state, staging_rejects(self.state), now)
        book.note(self.state, found, lambda cause: messages.text_of(cause, company), now)
        book.prune(self.state, now)
        if self._not_before is not None and now < self._not_before:
            return
        try:
            self._tell(found, now)
        except TandemError:
            self._failures += 1
            wait = min(LOOK_SECONDS * 2**self._failures, MOST_WAIT_SECONDS)
            self._not_before = now + timedelta(seconds=wait)
            raise
        self._failures, self._not_before = 0, None

    def _tell(self, found: Sequence[Cause], now: datetime) -> None:
        if self.config.alerts.webhook is None:
            return
        url, form = self.config.alerts.webhook.reveal(), self.config.alerts.format
        for message in book.due(self.state, found, now):
            if self.stop.is_set():
                return
            self._send(url, form, messages.document(form, message, self.config.company), self.stop.wait)
            book.told(self.state, message, now)
