"""A true answer, spoilt: each function edits one reply in place (or its bytes) as its kind of fault says."""

from __future__ import annotations

import copy
import gzip
import io
import json
import re
from typing import Any, Protocol

from tests.simulator.wire import Reply


class Spoiler(Protocol):
    """What these functions need of a fault: its options, and what it remembers from one request to the next."""

    options: dict[str, Any]
    memory: dict[str, Any]


def slow(fault: Spoiler, reply: Reply) -> Reply:
    reply.ending = "drip" if fault.options.get("drip") else reply.ending
    return reply


def hang_up(fault: Spoiler, reply: Reply) -> Reply:
    reply.ending = "hang_up"
    return reply


def truncated(fault: Spoiler, reply: Reply) -> Reply:
    body = reply.body()
    reply.raw = body[: max(1, len(body) * 2 // 3)]
    return reply


def gzip_bomb(fault: Spoiler, reply: Reply) -> Reply:
    packed = io.BytesIO()
    body = reply.body()
    with gzip.GzipFile(fileobj=packed, mode="wb", compresslevel=9) as stream:
        stream.write(body[:1])
        for _ in range(fault.options.get("mb", 64)):
            stream.write(b" " * 1_048_576)
        stream.write(body[1:])
    reply.raw = packed.getvalue()
    reply.headers["Content-Encoding"] = "gzip"
    return reply


def nan(fault: Spoiler, reply: Reply) -> Reply:
    for row in reply.rows or []:
        numbers = [n for n, v in row.items() if isinstance(v, (int, float)) and v is not True and v is not False]
        for at, name in enumerate(n for n in numbers if n != reply.key):
            row[name] = (float("nan"), float("inf"), float("-inf"))[at % 3]
    return reply


def wrong_schema(fault: Spoiler, reply: Reply) -> Reply:
    def wire(name: str) -> str:
        return reply.names.get(name, name)

    options = fault.options
    rows = reply.rows or []
    if "within" in options:
        rows = [child for row in rows for child in row.get(wire(options["within"])) or []]
    for row in rows:
        if "drop" in options:
            row.pop(wire(options["drop"]), None)
        if "rename" in options and (old := wire(options["rename"][0])) in row:
            row[options["rename"][1]] = row.pop(old)
        if "retype" in options and (name := wire(options["retype"])) in row:
            row[name] = options.get("to", {"unexpected": "object"})
    return reply


def repeated_cursor(fault: Spoiler, reply: Reply) -> Reply:
    if reply.rows:
        fault.memory.setdefault("page", copy.deepcopy(reply.rows))
    if reply.rows is not None and "page" in fault.memory:
        reply.rows[:] = copy.deepcopy(fault.memory["page"])
    return reply


def endless_pages(fault: Spoiler, reply: Reply) -> Reply:
    if reply.rows:
        fault.memory["row"] = copy.deepcopy(reply.rows[-1])
    if reply.rows is not None and "row" in fault.memory:
        for _ in range((reply.limit or 20) - len(reply.rows)):
            fault.memory["made"] = fault.memory.get("made", 0) + 1
            made = copy.deepcopy(fault.memory["row"])
            made[reply.key] = later_key(made.get(reply.key), fault.memory["made"])
            reply.rows.append(made)
    return reply


def later_key(key: Any, number: int) -> Any:
    """A key of the same shape that sorts after all real ones."""
    if isinstance(key, int):
        return 2_000_000_000 + number
    return f"ffffffff{number:016x}" if re.fullmatch("[0-9a-f]{24}", str(key)) else f"ZZZZ-{number:09d}"


def empty_pages(fault: Spoiler, reply: Reply) -> Reply:
    if reply.rows is not None:
        reply.rows.clear()
    return reply


def duplicate_rows(fault: Spoiler, reply: Reply) -> Reply:
    if reply.rows:
        other = copy.deepcopy(reply.rows[0])
        texts = [name for name, value in other.items() if isinstance(value, str) and name != reply.key]
        for name in texts:
            if not re.match(r"\d{4}-\d\d-\d\d|[0-9a-f]{24}$", other[name]):
                other[name] += " (again)"
        reply.rows.insert(1, other)
    return reply


def reorder_keys(fault: Spoiler, reply: Reply) -> Reply:
    for row in reply.rows or []:
        backwards = list(row.items())[::-1]
        row.clear()
        row.update(backwards)
    return reply


def unknown_fields(fault: Spoiler, reply: Reply) -> Reply:
    for row in reply.rows or []:
        row["x_brand_new"] = {"nested": [1, 2, 3]}
    if isinstance(reply.payload, dict):
        reply.payload["x_trace_id"] = json.dumps({"node": 7})
    return reply


CHANGES = {
    "slow": slow,
    "hang_up": hang_up,
    "truncated": truncated,
    "gzip_bomb": gzip_bomb,
    "nan": nan,
    "wrong_schema": wrong_schema,
    "repeated_cursor": repeated_cursor,
    "endless_pages": endless_pages,
    "empty_pages": empty_pages,
    "duplicate_rows": duplicate_rows,
    "reorder_keys": reorder_keys,
    "unknown_fields": unknown_fields,
}
