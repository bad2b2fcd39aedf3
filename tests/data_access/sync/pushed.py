"""A company whose source pushes what changes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from data_access import inbox
from data_access.hooks import Notice
from data_access.state import State

if TYPE_CHECKING:
    from tests.data_access.sync.conftest import Tiny


@dataclass
class Pushing:
    """The tiny company whose ERP pushes, and is read by itself only every hour."""

    tiny: Tiny
    state: State
    sent: int = 0

    def push(self, *notices: Notice, delivery: str = "") -> bool:
        self.sent += 1
        return inbox.receive(self.state, "erp", delivery or f"d-{self.sent}", "{}", notices)

    def results(self) -> list[str]:
        """One entry for each notice that is done."""
        rows = self.state.execute("SELECT result FROM hook_notice WHERE applied_at IS NOT NULL ORDER BY id")
        return [row["result"] for row in rows]

    def settled(self, count: int) -> bool:
        return len(self.results()) == count

    def truth(self) -> list[str]:
        return [name for (name,) in self.tiny.db.execute("SELECT name FROM party WHERE active ORDER BY name")]

    def shown(self) -> list[str]:
        return [name for (name,) in self.tiny.read("SELECT name FROM core.customer ORDER BY name")]


def changed(number: int) -> Notice:
    return Notice("upsert", "party", (str(number),))
