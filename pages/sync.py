"""`/sync`: how every feed stands, one feed in depth, and what needs somebody."""

from __future__ import annotations

from typing import Any

import dash
from dash import html

from pages import _desk
from pages._guard import is_local

PANELS = ("sync_truth", "feeds", "feed_runs", "attention", "match_kinds", "pipe_hours", "fresh_days")
dash.register_page(__name__, path="/sync", title="Tandem", name="Sync")  # type: ignore[no-untyped-call]


def layout(**url: Any) -> html.Div:
    """The page for what the URL says; feed=source.feed opens one."""
    return _desk.show("sync", "/sync", url, _content)


def _content(desk: _desk.Desk) -> list[Any]:
    return [desk.draw(name, **({"may_act": is_local()} if name == "feed_runs" else {})) for name in PANELS]
