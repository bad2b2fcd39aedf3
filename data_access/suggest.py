"""The nearest of known names, for people who mistyped one."""

from __future__ import annotations

import difflib
from collections.abc import Iterable


def suggest(word: str, known: Iterable[str]) -> str:
    """A question with the nearest name, else all of them."""
    names = list(known)
    near = difflib.get_close_matches(word, names, 1, 0.6)
    return f'did you mean "{near[0]}"?' if near else f"known: {', '.join(names) or 'none'}"
