"""The Chinese wall says the same figures as the English one, which is compared with the sources."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import zip_longest

import pytest
from playwright.sync_api import Browser

from tests.wall.figures.conftest import opened
from tests.wall.figures.reading import Wall

pytestmark = pytest.mark.browser
# Texts with a figure by the way to their element; left out: what moves on, and axis marks (each unit has its own).
FIGURES = """() => {
    const way = (n) => n.id === 'wall' ? '' : way(n.parentElement) + '/' + [...n.parentElement.children].indexOf(n);
    const found = {}, texts = document.createTreeWalker(document.getElementById('wall'), NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) {
        const node = texts.currentNode.parentElement;
        if (/\\d/.test(node.textContent) && !node.closest('#clock, #chips, #ticker-more, .ytick, script'))
            found[way(node)] = node.textContent;
    }
    return found;
}"""
MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
DATE = re.compile(rf"(\d+) ({'|'.join(MONTHS)})|(\d+)月(\d+)日")
NUMBER = re.compile(r"(<?)¥?(\d[\d,]*)(?:\.(\d+))?(?: ?([KMB万亿]))?(?![a-z])")
UNITS = {"": 1.0, "K": 1e3, "万": 1e4, "M": 1e6, "亿": 1e8, "B": 1e9}


def dates(text: str) -> set[tuple[int, int]]:
    """(month, day) of each."""
    return {(MONTHS.index(m) + 1, int(d)) if m else (int(month), int(day)) for d, m, month, day in DATE.findall(text)}


def numbers(text: str) -> Iterator[tuple[float, float]]:
    """(value, how far off it may be) of each figure that is no date, by size: half of its last digit, and what is less
    than a figure is anything below it."""
    found = []
    for less, whole, decimals, unit in NUMBER.findall(DATE.sub(" ", text)):
        value, step = float(whole.replace(",", "") + "." + decimals), 10.0 ** -len(decimals)
        value, off = (value / 2, value / 2) if less else (value, step / 2)
        found.append((value * UNITS[unit], off * UNITS[unit]))
    return iter(sorted(found))


@pytest.fixture(scope="module")
def chinese(wall: Wall, browser: Browser) -> Iterator[dict[str, str]]:
    with opened(browser, wall.address, "zh") as page:
        yield page.evaluate(FIGURES)


def test_the_same_figures_in_chinese(wall: Wall, chinese: dict[str, str]) -> None:
    english: dict[str, str] = wall.page.evaluate(FIGURES)
    assert len(english) > 150
    for place, text in english.items():
        other = chinese.get(place, "")
        assert dates(text) == dates(other), (text, other)
        for one, two in zip_longest(numbers(text), numbers(other)):
            assert one and two, (text, other)
            assert abs(one[0] - two[0]) <= 1.001 * (one[1] + two[1]), (text, other)
