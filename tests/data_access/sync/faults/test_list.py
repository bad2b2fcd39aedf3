"""The list of faults is true: each of the seventeen names tests, and each of these is there."""

from __future__ import annotations

import re
from pathlib import Path

from tests.data_access.sync import faults

TESTS = Path(__file__).parents[3]
LIST = faults.__doc__ or ""


def test_every_row_names_a_test() -> None:
    rows = re.split(r"^(\d+)\. ", LIST, flags=re.M)[1:]
    assert [int(number) for number in rows[::2]] == list(range(1, 18))
    assert [number for number, text in zip(rows[::2], rows[1::2], strict=True) if "::" not in text] == []


def test_every_test_named_is_there() -> None:
    named = re.findall(r"^   (\S+)::(\w+)$", LIST, re.M)
    assert len(named) == LIST.count("::")
    missing = [
        f"{file}::{name}"
        for file, name in named
        if not (TESTS / file).is_file() or f"\ndef {name}(" not in (TESTS / file).read_text(encoding="utf-8")
    ]
    assert missing == []
