"""Row rights: the scope every read takes."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Scope:
    """Which rows a caller may see. `owners` None means all; otherwise only customers of these owners."""

    owners: frozenset[str] | None = None

    @property
    def restricted(self) -> bool:
        return self.owners is not None

    @property
    def key(self) -> str:
        """Stable text for cache keys."""
        return "*" if self.owners is None else "owners:" + "\x1f".join(sorted(self.owners))


EVERYONE = Scope()
