"""The legal forms of companies: one list for comparing names and for showing them."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

FILE = Path(__file__).with_name("legal_forms.toml")


@dataclass(frozen=True)
class LegalForms:
    """Words at the end of a name, those that join them, and endings that stand without a space. Small letters."""

    words: tuple[str, ...]
    joining: tuple[str, ...]
    endings: tuple[str, ...]


@cache
def legal_forms() -> LegalForms:
    return LegalForms(**{key: tuple(value) for key, value in tomllib.loads(FILE.read_text(encoding="utf-8")).items()})
