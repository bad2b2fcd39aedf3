"""The wall as a reader sees it: texts of the page, which of them were read, and how a figure must look."""

from __future__ import annotations

import json
import re
import urllib.request
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from playwright.sync_api import Page

MOST = 3  # texts with a figure in one element that is read as a whole: reading a panel does not vouch for its parts
READ = """([selector, most]) => [...document.querySelectorAll(selector)].map((node) => {
    const texts = document.createTreeWalker(node, NodeFilter.SHOW_TEXT);
    let figures = 0;
    while (texts.nextNode()) figures += /\\d/.test(texts.currentNode.textContent);
    if (figures > most) throw new Error(`${selector} holds ${figures} figures: read its parts`);
    node.dataset.read = '';
    return node.textContent.trim();
})"""
HEAR = "(selector) => { const n = document.querySelector(selector); n.dataset.heard = ''; return n.ariaLabel; }"
UNREAD = """() => {
    const found = [], where = (n) => (n.id ? '#' + n.id : n.getAttribute('class') || n.tagName);
    const path = (n) => [n.parentElement, n].map(where).join(' > ');
    const texts = document.createTreeWalker(document.getElementById('wall'), NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) {
        const node = texts.currentNode.parentElement, text = texts.currentNode.textContent;
        if (/\\d/.test(text) && !node.closest('[data-read], script, style')) found.push(path(node) + ': ' + text);
    }
    for (const node of document.querySelectorAll('#wall [aria-label]:not([data-heard])'))
        if (/\\d/.test(node.ariaLabel)) found.push(path(node) + ' aria-label: ' + node.ariaLabel);
    return found;
}"""


@dataclass(frozen=True)
class Wall:
    """The wall's page in a browser, the server behind it, and when its sources were read."""

    page: Page
    address: str
    synced: tuple[datetime, datetime]

    def texts(self, selector: str) -> list[str]:
        """The text of each such element, which counts as read from now on."""
        found: list[str] = self.page.evaluate(READ, [selector, MOST])
        return found

    def text(self, selector: str) -> str:
        """The text of the only such element."""
        (found,) = self.texts(selector)
        return found

    def spoken(self, selector: str) -> str:
        """What a screen reader says of an element."""
        found: str = self.page.evaluate(HEAR, selector)
        return found

    def unread(self) -> list[str]:
        """Every text or label with a figure in it that nothing has read."""
        found: list[str] = self.page.evaluate(UNREAD)
        return found

    def figure(self, panel: str) -> Any:
        """(data, layout) of a chart as it was drawn."""
        return self.page.evaluate(
            f"() => (({{data, layout}}) => [data, layout])(document.getElementById('{panel}-plot'))"
        )

    def rows(self, panel: str) -> list[dict[str, Any]]:
        """The panel's rows from the API."""
        with urllib.request.urlopen(f"{self.address}/api/v1/panels/{panel}.json", timeout=60) as answer:
            document = json.load(answer)
        names = [column["name"] for column in document["columns"]]
        return [row if isinstance(row, dict) else dict(zip(names, row, strict=True)) for row in document["rows"]]


def rounded(value: Any, digits: int) -> str:
    """Half up, as people round."""
    exact = value if isinstance(value, Decimal) else Decimal(repr(float(value)))
    return str(exact.quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP))


def as_shown(value: Any, text: str, least: int = 1) -> str:
    """`value` in the unit and with the decimals of the money `text`, which must say at least `least` digits of it."""
    figure = re.fullmatch(r"[<−]?¥(\d+)(?:\.(\d+))?([KMB]?)", text)
    assert figure, text
    whole, decimals, suffix = figure[1], figure[2] or "", figure[3]
    assert int(whole) < 1000 and (len(whole + decimals) >= least or not value), text
    unit = {"": 1, "K": 10**3, "M": 10**6, "B": 10**9}[suffix]
    told = rounded(abs(Decimal(repr(float(value)))) / unit, len(decimals))
    if value > 0 and not told.strip("0."):  # what would round to nothing is told as less than the least that is shown
        return f"<¥{Decimal(1).scaleb(-len(decimals))}{suffix}"
    return f"{'−' if value < 0 and told.strip('0.') else ''}¥{told}{suffix}"


def all_as_shown(values: Sequence[Any], texts: Sequence[str], least: int = 1) -> list[str]:
    return [as_shown(value, text, least) for value, text in zip(values, texts, strict=True)]


def change(value: Any, reference: Any, digits: int = 1) -> str:
    """As the wall tells it: an arrow and per cent without sign."""
    return arrow(float(value) / float(reference) - 1, digits)


def arrow(share: float, digits: int = 1) -> str:
    if abs(share) >= 9.995:
        return ("▲" if share > 0 else "▼") + " >999%"
    told = rounded(abs(share) * 100, 0 if abs(share) >= 0.9995 else digits)
    return f"{('▲' if share > 0 else '▼') if told.strip('0.') else ''} {told}%".strip()


def short(day: date) -> str:
    return f"{day.day} {day:%b}"
