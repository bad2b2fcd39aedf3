"""`{name}` in the texts of profiles: what stands for a setting, a parameter or a place in the reading."""

from __future__ import annotations

import re
from collections.abc import Mapping

PLACEHOLDER = re.compile(r"\{(\w+)\}")


def names(text: str) -> list[str]:
    """Those that the text names, in its order."""
    return PLACEHOLDER.findall(text)


def fill(text: str, known: Mapping[str, str]) -> str:
    """The text with what is known in their place; others stay as they are."""
    return PLACEHOLDER.sub(lambda found: known.get(found[1], found[0]), text)
