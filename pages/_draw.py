"""What a picture of a panel or a page is: which address, which part, how large, with which words around it."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlencode

from data_access.filters import Filters
from data_access.panels import Panel
from pages._render import Renderer, Size

DRAWN = ("png", "svg", "pdf")
SCREEN = Size(1440, 900)
INCH = 96.0
A4 = (11.69, 8.27)
MARGIN = 0.4


class Artist:
    """Draws for the routes and the command line; `is_page` tells whether an address is one of ours."""

    def __init__(self, renderer: Renderer, is_page: Callable[[str], bool]) -> None:
        self._renderer, self._is_page = renderer, is_page

    def panel(self, panel: Panel, extension: str, filters: Filters, lang: str) -> bytes:
        """The panel alone, with title, filters, age and sources."""
        given = [(name, value) for name, values in filters.given for value in values]
        path = f"/panel/{panel.name}?" + urlencode([("lang", lang), *given])
        with self._renderer.page(path, SCREEN) as page:
            return b""
