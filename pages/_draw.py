"""What a picture of a panel or a page is: which address, which part, how large, with which words around it."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from components.theme import colour
from data_access.errors import NotFound, TandemError
from data_access.filters import NAMES, Filters, parse
from data_access.panels import Panel
from pages._render import Page, Renderer, Size

DRAWN = ("png", "svg", "pdf")
PANEL, SCREEN = Size(1440, 900), Size(1440, 990)  # a page of A4 is as high as SCREEN at its width
MOST = 4000  # CSS pixels of the widest table, the highest page
PADDING, PIXELS_AN_INCH = 40, 96  # left and right of a page's content, on the screen only
PAPER = {"paperWidth": 11.69, "paperHeight": 8.27}
MARGINS = {"marginTop": 0.4, "marginBottom": 0.5, "marginLeft": 0.4, "marginRight": 0.4}
_NUMBERS = (
    '<div style="width:100%;padding:0 0.4in;text-align:right;font:8px sans-serif;color:{ink}">'
    '<span class="pageNumber"></span> / <span class="totalPages"></span></div>'
)


class Artist:
    """Draws for the routes and the command line; `is_page` tells whether an address is one of ours."""

    def __init__(self, renderer: Renderer, is_page: Callable[[str], bool]) -> None:
        self._renderer, self._is_page = renderer, is_page

    def panel(self, panel: Panel, extension: str, filters: Filters, lang: str) -> bytes:
        """The panel alone, with its title, what narrows it, its age and its sources."""
        given = [(name, value) for name, values in filters.given for value in values]
        path = f"/panel/{panel.name}?" + urlencode([("lang", lang), *given])
        with self._renderer.page(path, PANEL) as page:
            if page.run("!!document.querySelector('.panel .failed')"):
                raise TandemError("the panel could not be worked out", "the server's log says why")
            beyond = int(page.run("tandem.beyond(document.querySelector('.panel'))"))
            if beyond > 0:
                page.resize(Size(min(MOST, PANEL.width + beyond), PANEL.height))
            if extension == "svg":
                return str(
                    page.run("tandem.pictureOf(document.querySelector('.panel')).then((made) => made.svg)")
                ).encode()
            if extension == "png":
                return _picture(page, "tandem.framed(document.querySelector('.panel'))")
            return _report(page, _fit(page.run("tandem.framed(document.querySelector('.panel'))")))

    def page(self, name: str, extension: str, given: dict[str, list[str]], lang: str) -> bytes:
        """A whole page: 'overview', 'inventory', 'customers/<customer_id>'. NotFound: there is no such page."""
        path = "/" if name == "overview" else f"/{name}"
        if not self._is_page(path) or path in ("/overview", "/wall"):
            raise NotFound(f'there is no page "{name[:60]}"', "use overview, inventory, customers, ...")
        parse({key: values for key, values in given.items() if key in NAMES}, NAMES)
        query = urlencode([("lang", lang), *((key, value) for key, values in given.items() for value in values)])
        with self._renderer.page(f"{path}?{query}", SCREEN) as page:
            if not page.run("!!document.querySelector('#desk .panel')"):
                raise NotFound(f'"{name[:60]}" has nothing to show', "open it in a browser to see what it says")
            if extension == "pdf":
                return _report(page, SCREEN.width - PADDING)
            if extension == "png":
                return _picture(page, "tandem.framed()")
            return str(page.run("tandem.pictureOfPage().then((made) => made.svg)")).encode()


def _picture(page: Page, framed: str) -> bytes:
    """A photograph of the part `framed` tells; the window is made as high as that takes."""
    part = page.run(framed)
    bottom = math.ceil(part["y"] + part["height"])
    if bottom > page.size.height:
        page.resize(Size(page.size.width, min(MOST, bottom)))
        part = page.run(framed)
    return page.png(part)


def _fit(part: dict[str, float]) -> float:
    """How many CSS pixels wide the paper is, so that a narrow panel fills it and a high one stays on it."""
    if part["width"] >= PANEL.width - PADDING:
        return part["width"]
    return max(part["width"], part["height"] * _usable("Width") / _usable("Height"))


def _usable(side: str) -> float:
    """Inches between the margins."""
    edges = ("Left", "Right") if side == "Width" else ("Top", "Bottom")
    return PAPER[f"paper{side}"] - sum(MARGINS[f"margin{edge}"] for edge in edges)


def _report(page: Page, width: float) -> bytes:
    """On A4 across, `width` CSS pixels of the page from margin to margin."""
    options: dict[str, Any] = {
        "scale": min(2.0, _usable("Width") * PIXELS_AN_INCH / width),
        "displayHeaderFooter": True,
        "headerTemplate": "<span></span>",
        "footerTemplate": _NUMBERS.format(ink=colour("text-3", "light")),
    }
    return page.pdf(**PAPER, **MARGINS, **options)
