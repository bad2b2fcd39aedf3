"""Requests of people, handed to the lanes they concern."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import Any

from data_access.control import KINDS, Pauses
from data_access.state import State
from data_access.sync.lanes import Asked, Lane


class Desk:
    """Takes requests from state.db; each is finished when the last of its lanes has answered."""

    def __init__(self, state: State, lanes: Sequence[Lane]) -> None:
        self.state, self.lanes = state, lanes
        self._guard = threading.Lock()
        for lane in lanes:
            lane.answer = self._answered

    def take(self, paused: Pauses) -> None:
        for request in self.state.take_requests():
            refused = self._hand_out(request, paused)
            if refused:
                self.state.finish_request(request["id"], refused)

    def _hand_out(self, request: dict[str, Any], paused: Pauses) -> str:
        """Why nobody can do it, or nothing."""
        body, kind = request["body"], request["kind"]
        if kind not in KINDS:
            return "unknown request"
        named = body.get("streams")
        asked = Asked(
            request["id"], kind, None if named is None else frozenset(named), bool(body.get("accept_deletes")),
            tuple(body.get("keys", ())),
        )  # fmt: skip
        mine = [lane for lane in self.lanes if body.get("source") in (None, lane.name)]
        if not mine:
            return "unknown source"
        mine = [lane for lane in mine if asked.wants(lane.streams)]
        if not mine:
            return "unknown stream"
        mine = [lane for lane in mine if any(not paused.of(lane.name, name) for name in asked.wants(lane.streams))]
        if not mine:
            return "paused"
        asked.lanes = len(mine)
        for lane in mine:
            lane.ask(asked)
        return ""

    def _answered(self, asked: Asked, failed: bool) -> None:
        with self._guard:
            asked.lanes -= 1
            asked.failed |= failed
            last = asked.lanes == 0
        if last:
            self.state.finish_request(asked.id, "failed" if asked.failed else "done")
