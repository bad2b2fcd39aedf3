"""Driver rows into Arrow, column by column; the canonical types come later, by casts in DuckDB."""

from __future__ import annotations

import gc
import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import pyarrow as pa

# A text that begins with this (a noncharacter, in nobody's data) stands for bytes that are no text: its row is refused.
NOT_TEXT = "\ufdd0"
Decode = Callable[[bytes], str]
CELL_ERROR = "\ufdd2"  # likewise for the error of a formula
_UNREADABLE = (
    pa.ArrowInvalid,
    pa.ArrowTypeError,
    pa.ArrowNotImplementedError,
    OverflowError,
    UnicodeEncodeError,
    ValueError,
    TypeError,
)


@contextmanager
def uncollected() -> Iterator[None]:
    """Without the collector of cycles, which would look through a page's rows again and again as they come."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


def to_table(rows: Sequence[Sequence[Any]], names: Sequence[str], decode: Decode | None = None) -> pa.Table:
    """rows x names -> Arrow; a column Arrow has no plain type for becomes text, cell by cell. `decode`: how bytes that
    are no UTF-8 are said (default: with backslashes)."""
    columns = list(zip(*rows, strict=True)) if rows else [()] * len(names)
    return pa.table([column(values, decode) for values in columns], names=list(names))


def text_or_mark(data: bytes) -> str:
    """UTF-8 as text; else the marked text that shows which bytes it has."""
    try:
        return data.decode()
    except UnicodeDecodeError:
        return NOT_TEXT + data.decode("utf-8", "backslashreplace")


def column(values: Sequence[Any], decode: Decode | None = None) -> pa.Array:
    """Values as a driver gave them -> Arrow, as text where there is no plain type for all of them."""
    try:
        array = pa.array(values)
        if pa.types.is_binary(array.type):
            return array.cast(pa.string())
    except _UNREADABLE:
        return _as_text(values, decode)
    return array if _is_plain(array.type) else _as_text(values, decode)


def _is_plain(kind: pa.DataType) -> bool:
    types = pa.types
    return bool(
        types.is_string(kind) or types.is_integer(kind) or types.is_floating(kind) or types.is_boolean(kind)
        or types.is_decimal128(kind) or types.is_timestamp(kind) or types.is_date32(kind) or types.is_null(kind)
    )  # fmt: skip


def _as_text(values: Sequence[Any], decode: Decode | None) -> pa.Array:
    decode = decode or _escaped
    return pa.array([None if value is None else _text(value, decode) for value in values], type=pa.string())


def _escaped(data: bytes) -> str:
    return data.decode("utf-8", "backslashreplace")


def _text(value: Any, decode: Decode) -> str:
    if isinstance(value, dict | list):
        text = json.dumps(value, ensure_ascii=False, default=str)
    elif isinstance(value, bytes | bytearray | memoryview):
        text = decode(bytes(value))
    elif isinstance(value, bool):
        text = "true" if value else "false"
    else:
        text = str(value)
    return text.encode("utf-8", "replace").decode("utf-8")
