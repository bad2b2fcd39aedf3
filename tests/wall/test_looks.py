"""What can be measured of the looks: type size, overflow, overlaps, order, in four sizes, two languages, all states."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.wall.conftest import SIZES, Seen

pytestmark = pytest.mark.browser
MEASURE = Path(__file__).with_name("measure.js").read_text(encoding="utf-8")
Wall = Callable[..., Seen]


def measured(seen: Seen) -> dict[str, Any]:
    report: dict[str, Any] = seen.page.evaluate(MEASURE)
    return report


def check(report: dict[str, Any], *, at_least: int) -> None:
    found = {name: report[name] for name in ("small", "overflow", "clipped", "overlapping", "outside") if report[name]}
    assert not found, json.dumps(found, ensure_ascii=False, indent=1)
    assert report["texts"] >= at_least


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("size", SIZES)
def test_every_size_and_language(wall: Wall, size: str, lang: str) -> None:
    seen = wall(lang=lang, size=size)
    seen.wait_drawn()
    report = measured(seen)
    width, height = SIZES[size]
    k = min(width / 1920, height / 1080) if width > height else min(width / 1080, height / 1920)
    assert report["k"] == pytest.approx(k, rel=0.01)
    check(report, at_least=120)
    assert seen.page.evaluate("document.documentElement.lang") == {"en": "en", "zh": "zh-CN"}[lang]
    assert not seen.problems and not seen.foreign


@pytest.mark.parametrize(("size", "lang"), [("hd", "en"), ("hd", "zh"), ("portrait", "en")])
@pytest.mark.parametrize("scenario", ["stale", "half", "failing", "first_run", "empty", "long", "error", "starting"])
def test_every_state(wall: Wall, scenario: str, lang: str, size: str) -> None:
    seen = wall(scenario, lang=lang, size=size)
    seen.wait_drawn()
    if scenario == "error":
        seen.page.wait_for_selector("#panel-risk .fail")
    if scenario == "starting":
        seen.page.wait_for_selector("#starting:not([hidden])")
    check(measured(seen), at_least=5 if scenario == "starting" else 60)


def test_four_k_is_the_same_picture_twice_as_large(wall: Wall) -> None:
    places = """() => [...document.querySelectorAll('.p, .k, .r, .chip, #clock')].map((n) => {
        const b = n.getBoundingClientRect(); return [b.x, b.y, b.width, b.height]; })"""
    found = []
    for size in ("hd", "4k"):
        seen = wall(size=size)
        seen.wait_drawn()
        found.append(seen.page.evaluate(places))
    one, two = found
    assert len(one) == len(two) > 20
    for a, b in zip(one, two, strict=True):
        assert b == pytest.approx([2 * value for value in a], abs=2.5)


def test_portrait_drops_the_feed_and_shows_four_risks(wall: Wall) -> None:
    seen = wall(size="portrait")
    seen.wait_drawn()
    assert not seen.page.is_visible("#panel-feed")
    assert seen.page.locator("#panel-risk .r:visible").count() == 4
    assert seen.page.locator("#risk-sub").inner_text() == "revenue at risk · +2 more"


def test_columns_share_their_baselines(wall: Wall) -> None:
    seen = wall()
    seen.wait_drawn()
    bottoms = """() => ['customers', 'runway', 'risk']
        .map((name) => document.getElementById(name + '-title').getBoundingClientRect().bottom)"""
    tops = seen.page.evaluate(bottoms)
    assert max(tops) - min(tops) <= 1
    edges = "() => [...document.querySelectorAll('.k:not(.h) .v')].map((node) => node.getBoundingClientRect().top)"
    figures = seen.page.evaluate(edges)
    assert max(figures) - min(figures) <= 1
