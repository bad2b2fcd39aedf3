"""A true answer, spoilt: each function edits one reply in place (or its bytes) as its kind of fault says.

They take the fault's options, what it remembers of this subject from one request to the next, and the reply.
"""

from __future__ import annotations

import copy
import gzip
import io
import json
import re
from typing import Any

from tests.simulator.store import Row
from tests.simulator.wire import Reply


def slow(options: Row, memory: Row, reply: Reply) -> Reply:
    reply.ending = "drip" if options.get("drip") else reply.ending
    return reply


def hang_up(options: Row, memory: Row, reply: Reply) -> Reply:
    reply.ending = "hang_up"
    return reply


def truncated(options: Row, memory: Row, reply: Reply) -> Reply:
    body = reply.body()
    reply.raw = body[: max(1, len(body) * 2 // 3)]
    return reply


def gzip_bomb(options: Row, memory: Row, reply: Reply) -> Reply:
    packed = io.BytesIO()
    body = reply.body()
    with gzip.GzipFile(fileobj=packed, mode="wb", compresslevel=9) as stream:
        stream.write(body[:1])
        for _ in range(options.get("mb", 64)):
            stream.write(b" " * 1_048_576)
        stream.write(body[1:])
    reply.raw = packed.getvalue()
    reply.headers["Content-Encoding"] = "gzip"
    return reply


def nan(options: Row, memory: Row, reply: Reply) -> Reply:
    for row in reply.rows or []:
        numbers = [n for n, v in row.items() if isinstance(v, (int, float)) and v is not True and v is not False]
        for at, name in enumerate(n for n in numbers if n != reply.key):
            row[name] = (float("nan"), float("inf"), float("-inf"))[at % 3]
    return reply


def wrong_schema(options: Row, memory: Row, reply: Reply) -> Reply:
    def wire(name: str) -> str:
        return reply.names.get(name, name)

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


def repeated_cursor(options: Row, memory: Row, reply: Reply) -> Reply:
    if reply.rows:
        memory.setdefault("page", copy.deepcopy(reply.rows))
    if reply.rows is not None and "page" in memory:
        reply.rows[:] = copy.deepcopy(memory["page"])
    return reply


def endless_pages(options: Row, memory: Row, reply: Reply) -> Reply:
    if reply.rows:
        memory["row"] = copy.deepcopy(reply.rows[-1])
    if reply.rows is not None and "row" in memory:
        for _ in range((reply.limit or 20) - len(reply.rows)):
            memory["made"] = memory.get("made", 0) + 1
            made = copy.deepcopy(memory["row"])
            made[reply.key] = later_key(made.get(reply.key), memory["made"])
            reply.rows.append(made)
    return reply


def later_key(key: Any, number: int) -> Any:
    """A key of the same shape that sorts after all real ones."""
    if isinstance(key, int):
        return 2_000_000_000 + number
    return f"ffffffff{number:016x}" if re.fullmatch("[0-9a-f]{24}", str(key)) else f"ZZZZ-{number:09d}"


def empty_pages(options: Row, memory: Row, reply: Reply) -> Reply:
    if reply.rows is not None:
        reply.rows.clear()
    return reply


def duplicate_rows(options: Row, memory: Row, reply: Reply) -> Reply:
    if reply.rows:
        other = copy.deepcopy(reply.rows[0])
        texts = [name for name, value in other.items() if isinstance(value, str) and name != reply.key]
        for name in texts:
            if not re.match(r"\d{4}-\d\d-\d\d|[0-9a-f]{24}$", other[name]):
                other[name] += " (again)"
        reply.rows.insert(1, other)
    return reply


def reorder_keys(options: Row, memory: Row, reply: Reply) -> Reply:
    for row in reply.rows or []:
        backwards = list(row.items())[::-1]
        row.clear()
        row.update(backwards)
    return reply


def unknown_fields(options: Row, memory: Row, reply: Reply) -> Reply:
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
