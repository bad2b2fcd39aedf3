"""`/table/<panel>`: the rows behind a figure, every column, with the filters of the page it was opened from."""

from __future__ import annotations

from typing import Any

import dash
from dash import html

from components.table import whole_panel
from data_access.filters import ONE
from data_access.panels import PANELS
from pages import _desk

dash.register_page(__name__, path_template="/table/<panel>", title="Tandem", name="Table")  # type: ignore[no-untyped-call]


def layout(panel: str = "", **url: Any) -> html.Div:
    """The page for one panel; one that does not exist says so."""
    known = PANELS.get(panel)
    filters = known.filters if known else ()
    return _desk.show(
        "table",
        f"/table/{panel}",
        url,
        lambda desk: whole_panel(panel, desk.view, desk.read),
        filters=[name for name in filters if name not in ONE],
        ids={name: url[name] for name in ONE if name in filters and url.get(name)},
        period=known.period if known else "mtd",
        crumbs=lambda desk: [(desk.view.t("desk.table"), None)],
    )
