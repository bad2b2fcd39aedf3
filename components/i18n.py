"""Every word of the interface, by language and key."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

LANGUAGES = ("en", "zh")
HTML_LANG = {"en": "en", "zh": "zh-CN"}


@cache
def texts(lang: str) -> dict[str, str]:
    """Flat 'section.key' -> template of one language."""
    flat: dict[str, str] = {}

    def walk(node: Mapping[str, Any], path: str) -> None:
        for key, value in node.items():
            if isinstance(value, dict):
                walk(value, f"{path}{key}.")
            else:
                flat[path + key] = value

    walk(tomllib.loads((Path(__file__).with_suffix("") / f"{lang}.toml").read_text(encoding="utf-8")), "")
    return flat


def t(lang: str, key: str, **values: object) -> str:
    """The text of `key` with `{name}` filled from `values`; n = 1 takes the key's `_one` form where there is one."""
    table = texts(lang)
    if values.get("n") == 1 and f"{key}_one" in table:
        key = f"{key}_one"
    return table[key].format_map(values)


def has(lang: str, key: str) -> bool:
    """Whether a text exists (codes that come from data may be newer than the words)."""
    return key in texts(lang)


def section(lang: str, prefix: str) -> dict[str, str]:
    """The texts under one section, for the browser."""
    return {key.removeprefix(prefix + "."): value for key, value in texts(lang).items() if key.startswith(prefix + ".")}
