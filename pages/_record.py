"""Links from a page to the record in its own system, where the system's profile and settings tell its address."""

from __future__ import annotations

from typing import Any

from dash import html

from data_access.connectors.links import record_link
from pages._desk import Desk
from pages._services import services


def record_links(desk: Desk, *records: tuple[str, str | None]) -> list[Any]:
    """A link for each (thing, id) whose address is known: "Open in ERP"."""
    found = []
    for thing, record_id in records:
        config = services().config
        address = record_link(config, thing, record_id)
        role = next((one.role for one in config.sources if one.name == (record_id or "").partition(":")[0]), "erp")
        if address:
            words = desk.view.t("desk.open_in", system=desk.view.t(f"role.{role}"))
            found.append(html.A(words, href=address, target="_blank", rel="noreferrer", className="lnk"))
    return found
