"""The words identity knows: free mail domains, places and countries in several spellings, marks of branches."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

FILE = Path(__file__).with_name("words.toml")


@dataclass(frozen=True)
class Words:
    """All in small letters, without accents, as the macro name_words writes them.

    free_mail: domains anyone can have an address at; noise: words that say nothing of which company it is; branch:
    words of a part of a company; country and place: another spelling -> the one that is compared; forms: legal form ->
    the group it is compared as.
    """

    free_mail: frozenset[str]
    noise: frozenset[str]
    branch: frozenset[str]
    country: Mapping[str, str]
    place: Mapping[str, str]
    forms: Mapping[str, str]


@cache
def words() -> Words:
    found = tomllib.loads(FILE.read_text(encoding="utf-8"))
    return Words(
        frozenset(found["free_mail"]), frozenset(found["noise"]), frozenset(found["branch"]),
        _spellings(found["country"]), _spellings(found["place"]), _spellings(found["forms"]),
    )  # fmt: skip


def _spellings(groups: Mapping[str, list[str]]) -> dict[str, str]:
    return {each: name for name, others in groups.items() for each in (name, *others)}
