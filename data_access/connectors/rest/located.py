"""Where a stream's object is and what its fields are called: as the profile says, or as a lookup found."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol


def _same(row: dict[str, Any]) -> dict[str, Any]:
    return row


@dataclass(frozen=True)
class Located:
    """`params` fill placeholders; `names`: field as the profile calls it -> as requests do (others stay as they are);
    `translate` turns a row's names back; `live` are the object's fields with their types, where they are known."""

    params: Mapping[str, Any] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)
    translate: Callable[[dict[str, Any]], dict[str, Any]] = _same
    live: Mapping[str, str] | None = None


class Lookup(Protocol):
    """Finds objects and fields by the names people see."""

    def locate(self, table: str, fields: list[str]) -> Located:
        """The object of this name; SourceError names what is missing or there twice, and what comes near."""
