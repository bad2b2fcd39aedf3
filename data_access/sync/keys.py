"""Landed keys back into the values a source is asked by."""

from __future__ import annotations

import re

from data_access.connectors.profile import Stream


def to_source(spec: Stream, key: str) -> tuple[object, ...]:
    """The values of a landed key's columns; ValueError when it is none of this stream."""
    parts = [key] if len(spec.key) == 1 else _parts(key)
    if len(parts) != len(spec.key):
        raise ValueError(f'"{key}" is no key of {len(spec.key)} columns')
    return tuple(_value(spec.columns[name].type, part) for name, part in zip(spec.key, parts, strict=True))


def _parts(key: str) -> list[str]:
    """Split at | where no backslash takes its meaning away."""
    parts, letters = [""], iter(key)
    for letter in letters:
        if letter == "|":
            parts.append("")
        else:
            parts[-1] += next(letters, "") if letter == "\\" else letter
    return parts


def _value(kind: str, text: str) -> object:
    return int(text) if kind == "integer" and re.fullmatch(r"-?\d+", text) else text
