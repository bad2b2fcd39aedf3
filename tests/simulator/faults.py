"""Ways for a source to misbehave. A fault touches the real answer, so that what is around it stays true.

| kind | what happens | options |
| --- | --- | --- |
| status | this status instead of an answer | code, body, retry_after |
| unauthorized, quota | the refusal that system documents | code (its own error code), retry_after |
| redirect | 302 to another address | to, code |
| html | 200 with a page for signing in | |
| slow | the answer comes late; with drip=True a few bytes at a time | seconds, drip |
| hang_up | the connection is closed in mid-body | |
| truncated | sound headers, JSON cut off | |
| gzip_bomb | Content-Encoding gzip; expands to so many MB of white space in valid JSON | mb |
| nan | numbers of the rows become NaN and Infinity | |
| wrong_schema | a field of the rows is gone, renamed, retyped | drop, rename=(old, new), retype, to, within |
| repeated_cursor | an object's first page hit is answered again and again | |
| endless_pages | a page that is not full is filled up with made-up rows | |
| empty_pages | pages without rows | |
| duplicate_rows | the first row of a page comes once more, with other content | |
| reorder_keys, unknown_fields | harmless: other order of keys, fields nobody knows | |
| skew | the source's clock is off | seconds |
| late_commit | changes made meanwhile keep their time but show only after so many answers | requests |
| delete_silently | deletes leave no notice and no trace | |

wrong_schema takes fields by the name people know or by the one on the wire; within= names a list of child rows.
"""

from __future__ import annotations

import re
from typing import Any

from tests.simulator.spoiling import CHANGES
from tests.simulator.wire import Reply

LOGIN_PAGE = "<!DOCTYPE html><html><head><title>Sign in</title></head><body><form>Sign in</form></body></html>"
STATES = ("skew", "late_commit", "delete_silently")
KINDS = {*CHANGES, *STATES, "status", "unauthorized", "quota", "redirect", "html"}


class Fault:
    """match: part of, or a regular expression for, the subject "METHOD /path object"; times: how many requests it
    hits (None: until cleared), after letting `after` matching requests pass. Kinds that are no answer but a state
    (skew, late_commit, delete_silently) match the object's name; for the last two `times` counts changes."""

    def __init__(self, kind: str, match: str = "", times: int | None = None, after: int = 0, **options: Any) -> None:
        if kind not in KINDS:
            raise ValueError(f"no fault {kind!r}; there are {', '.join(sorted(KINDS))}")
        self.kind = kind
        self.match = match
        self.times = times
        self.after = after
        self.options = options
        self.seen = 0
        self.used = 0
        self.memory: dict[str, dict[str, Any]] = {}  # by subject

    def __repr__(self) -> str:
        said = "".join(f", {name}={value!r}" for name, value in self.options.items())
        return f"Fault({self.kind!r}, {self.match!r}, times={self.times}, after={self.after}{said})"

    @property
    def spent(self) -> bool:
        return self.times is not None and self.used >= self.times

    def matches(self, subject: str) -> bool:
        return self.match in subject or re.search(self.match, subject) is not None

    def hit(self, subject: str) -> bool:
        """Whether it strikes here; counts."""
        if self.spent or not self.matches(subject):
            return False
        self.seen += 1
        if self.seen <= self.after:
            return False
        self.used += 1
        return True


class FaultBook:
    def __init__(self) -> None:
        self._faults: list[Fault] = []

    def add(self, fault: Fault) -> Fault:
        self._faults.append(fault)
        return fault

    def clear(self) -> None:
        self._faults.clear()

    def active(self, kind: str = "") -> list[Fault]:
        return [f for f in self._faults if kind in ("", f.kind) and not f.spent]

    def hits(self, subject: str) -> list[Fault]:
        """The faults that strike this request."""
        return [f for f in self._faults if f.kind not in STATES and f.hit(subject)]

    def late(self, name: str) -> int:
        """How many answers a change of this object stays unseen; counts as one change."""
        return max((f.options.get("requests", 1) for f in self.active("late_commit") if f.hit(name)), default=0)

    def silent(self, name: str) -> bool:
        """Whether a delete in this object leaves no trace; counts as one change."""
        return any([f.hit(name) for f in self.active("delete_silently")])


def instead(fault: Fault, system: Any) -> Reply | None:
    """What is answered instead of the truth, or None where the truth is needed first."""
    options = fault.options
    if fault.kind in ("status", "unauthorized", "quota"):
        refused: Reply = system.refusal(fault.kind, **options)
        return refused
    if fault.kind == "redirect":
        return Reply(None, options.get("code", 302), {"Location": options["to"]}, raw=b"")
    if fault.kind == "html":
        return Reply(headers={"Content-Type": "text/html; charset=utf-8"}, raw=LOGIN_PAGE.encode())
    return None


def change(fault: Fault, reply: Reply, subject: str) -> Reply:
    """The true answer, spoilt; refusals pass unchanged."""
    if fault.kind not in CHANGES or reply.status != 200:
        return reply
    return CHANGES[fault.kind](fault.options, fault.memory.setdefault(subject, {}), reply)
