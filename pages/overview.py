"""`/`: for now the way to the wall, what is served and how fresh each source is."""

from __future__ import annotations

from typing import Any

import dash
from dash import dcc, html

from data_access import health
from pages._services import services

dash.register_page(__name__, path="/", title="Tandem", name="Overview")  # type: ignore[no-untyped-call]


def layout(**_url: Any) -> html.Main:
    """The page as it stands now; reload for newer facts."""
    held = services()
    company, reader = held.config.company, held.reader
    served = "no version yet"
    if reader.ready:
        manifest = reader.manifest
        served = f"version {reader.version}, figures of {manifest['as_of']}, published {manifest['published_at']}"
    rows = [_row(item) for item in health.sources(held.config, held.state)]
    head = html.Thead(html.Tr([html.Th(text) for text in ("Source", "Role", "Status", "Checked", "Newest change")]))
    return html.Main(
        [
            html.H1(company.name),
            html.P(served),
            html.P(dcc.Link("Open the wall", href="/wall", refresh=True)),
            html.Table([head, html.Tbody(rows)], id="overview-sources"),
        ],
        className="overview",
    )


def _row(item: health.SourceHealth) -> html.Tr:
    cells = (item.name, item.role.upper(), item.status, item.checked_at or "–", item.newest_change_at or "–")
    return html.Tr([html.Td(cell) for cell in cells], className=f"is-{item.status}")
