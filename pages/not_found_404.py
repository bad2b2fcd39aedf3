"""Any other address."""

from __future__ import annotations

from typing import Any

import dash
from dash import dcc, html

dash.register_page(__name__, path="/404", title="Not found - Tandem", name="Not found")  # type: ignore[no-untyped-call]


def layout(**_url: Any) -> html.Main:
    """Says so, and where to go."""
    return html.Main([html.H1("There is no such page"), html.P(dcc.Link("To the overview", href="/"))])
