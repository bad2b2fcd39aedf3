"""Looks that people kept: a name for an address of this application. The address holds the whole look."""

from __future__ import annotations

import re
from dataclasses import dataclass

from data_access.clock import iso, utc_now
from data_access.errors import QueryError
from data_access.state import State

MAX_VIEWS = 200
_ADDRESS = re.compile(r"/[^/\\\x00-\x1f][^\\\x00-\x1f]{0,1999}|/(\?[^\\\x00-\x1f]{0,1999})?")


@dataclass(frozen=True)
class SavedView:
    """`address` is a path of this application with its query."""

    id: int
    name: str
    address: str
    created_at: str


def list_views(state: State) -> list[SavedView]:
    """All of them, by name."""
    return [
        SavedView(**row) for row in state.execute("SELECT id, name, address, created_at FROM saved_view ORDER BY name")
    ]


def save_view(state: State, name: str, address: str) -> SavedView:
    """Keeps the address under the name, in place of what had it. QueryError: no name, no address of ours, too many."""
    name = " ".join(name.split())
    if not 1 <= len(name) <= 80:
        raise QueryError("a view needs a name of 1 to 80 characters", "give it a shorter name")
    if not _ADDRESS.fullmatch(address):
        raise QueryError("this is no address of Tandem", "save the page you are on")
    known = list_views(state)
    if len(known) >= MAX_VIEWS and name not in {view.name for view in known}:
        raise QueryError(f"{MAX_VIEWS} views are kept already", "remove one first")
    sql = (
        "INSERT INTO saved_view (name, address, created_at) VALUES (?, ?, ?) ON CONFLICT (name) "
        "DO UPDATE SET address = excluded.address RETURNING id, name, address, created_at"
    )
    return SavedView(**state.execute(sql, (name, address, iso(utc_now())))[0])


def remove_view(state: State, view_id: int) -> bool:
    """Whether there was such a view."""
    return bool(state.execute("DELETE FROM saved_view WHERE id = ? RETURNING id", (view_id,)))
