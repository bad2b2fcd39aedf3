"""What the search box finds: customers, items and orders."""

from __future__ import annotations

from typing import TYPE_CHECKING

from data_access.access import EVERYONE, Scope
from data_access.filters import NOTHING, Filters
from data_access.reading import ask
from data_access.result import Result

if TYPE_CHECKING:
    from data_access.warehouse import Reader

LONGEST = 100


def hits(reader: Reader, scope: Scope = EVERYONE, filters: Filters = NOTHING) -> Result:
    """Up to twelve rows (kind, id, title, detail), the best first; none for a search without a letter or digit."""
    return ask(reader.pinned(), "search/hits", scope, filters)
