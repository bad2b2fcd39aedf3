"""`/quality`: who is who, decided by people, and the rules that the data must keep."""

from __future__ import annotations

from typing import Any

import dash
from dash import html

from pages import _desk
from pages._guard import is_local

PANELS = (
    "quality_kpis", "identity_review", "identity_pair", "quality_rules", "rejected_groups", "completeness", "mapping",
)  # fmt: skip
dash.register_page(__name__, path="/quality", title="Tandem", name="Quality")  # type: ignore[no-untyped-call]


def layout(**url: Any) -> html.Div:
    """The page for what the URL says; pair=source:id|source:id opens one."""
    return _desk.show("quality", "/quality", url, _content)


def _content(desk: _desk.Desk) -> list[Any]:
    return [desk.draw(name, **({"may_act": is_local()} if name == "identity_pair" else {})) for name in PANELS]
