"""`/glossary`: what every figure means; `/glossary#<metric>` is one of them."""

from __future__ import annotations

from typing import Any

import dash
from dash import html

from components import glossary
from data_access.metrics import listed
from pages import _desk

dash.register_page(__name__, path="/glossary", title="Tandem", name="Glossary")  # type: ignore[no-untyped-call]


def layout(**url: Any) -> html.Div:
    """The page for what the URL says."""
    return _desk.show(
        "glossary", "/glossary", url, lambda desk: glossary.page(desk.view, listed(desk.snapshot.manifest))
    )
