"""What people read in a spreadsheet: given from above in their language, else each thing by its own name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(frozen=True)
class Words:
    """title: the panel's; company: whose figures; symbol: the currency's sign; columns: column -> title; labels: what
    the provenance sheet says."""

    title: str = ""
    company: str = ""
    symbol: str = ""
    columns: Mapping[str, str] = field(default_factory=dict)
    labels: Mapping[str, str] = field(default_factory=dict)

    def column(self, name: str) -> str:
        return self.columns.get(name) or spaced(name)

    def label(self, name: str) -> str:
        return self.labels.get(name) or spaced(name)

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


def spaced(name: str) -> str:
    """'weekly_sales' as 'Weekly sales'."""
    text = name.replace("_", " ").strip()
    return text[:1].upper() + text[1:]
