"""`/panel/<name>`: one panel alone and large; exports draw their pictures of it."""

from __future__ import annotations

from typing import Any

import dash
from dash import html

from components.desk.panel import message
from data_access.filters import LISTS
from data_access.panels import PANELS
from pages import _desk

IDS = ("customer", "order", "item")
dash.register_page(__name__, path_template="/panel/<name>", title="Tandem", name="Panel")  # type: ignore[no-untyped-call]


def layout(name: str = "", **url: Any) -> html.Div:
    """The page of one panel; one that does not exist says so."""
    spec = PANELS.get(name)
    if spec is None:
        return _desk.show(
            "panel", "/panel/", url, lambda desk: message(desk.view, desk.view.t("desk.no_panel"), name[:60])
        )
    filters = [one for one in spec.filters if one == "period" or one in LISTS]
    return _desk.show(
        "panel",
        f"/panel/{name}",
        url,
        lambda desk: html.Div(desk.draw(name), className=f"alone page-{spec.page}"),
        filters=filters,
        ids={one: str(url[one]) for one in IDS if one in spec.filters and url.get(one)},
        crumbs=lambda desk: [(desk.view.t(spec.title), None)],
        period=spec.period,
    )
