"""What can be measured of the looks: type size, overflow, overlaps, order, in four sizes, two languages, all states."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.wall.conftest import SIZES, Seen

pytestmark = pytest.mark.browser
DRAWN = "() => [...document.querySelectorAll('#speed_cover-plot text')].map((node) => node.textContent)"
MEASURE = Path(__file__).with_name("measure.js").read_text(encoding="utf-8")
Wall = Callable[..., Seen]


def measured(seen: Seen) -> dict[str, Any]:
    report: dict[str, Any] = seen.page.evaluate(MEASURE)
    return report


def check(report: dict[str, Any], where: str, *, at_least: int) -> None:
    found = {name: report[name] for name in ("small", "overflow", "clipped", "overlapping", "outside") if report[name]}
    assert not found, f"{where}: {json.dumps(found, ensure_ascii=False, indent=1)}"
    assert report["texts"] >= at_least, where


SCENES = {"today": 120, "inventory": 75, "production": 90, "sync": 90}  # and how many texts each shows at least
ALL = "&dwell=600&scenes=" + ",".join(SCENES)
ALONE = """name => [...document.querySelectorAll('[data-scene]')].every(
    (node) => getComputedStyle(node).opacity === (node.dataset.scene === name ? '1' : '0'))"""


def each_scene(seen: Seen) -> Iterator[str]:
    """Shows every scene, one after the other."""
    for number, scene in enumerate(SCENES, 1):
        seen.page.keyboard.press(str(number))
        seen.page.wait_for_function(ALONE, arg=scene)
        yield scene


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_every_scene_in_every_size_and_language(wall: Wall, lang: str) -> None:
    seen = wall(lang=lang, query=ALL)
    for size, (width, height) in SIZES.items():
        seen.resize(size)
        k = min(width / 1920, height / 1080) if width > height else min(width / 1080, height / 1920)
        for scene in each_scene(seen):
            report = measured(seen)
            assert report["k"] == pytest.approx(k, rel=0.01)
            check(report, f"{scene} in {size}", at_least=SCENES[scene])
    assert seen.page.evaluate("document.documentElement.lang") == {"en": "en", "zh": "zh-CN"}[lang]
    assert not seen.problems and not seen.foreign


STATES = [
    ("stale", "zh"), ("half", "en"), ("failing", "zh"), ("first_run", "en"), ("first_run", "zh"), ("empty", "zh"),
    ("long", "en"), ("error", "zh"), ("starting", "en"),
]  # fmt: skip


@pytest.mark.parametrize(("scenario", "lang"), STATES)
def test_every_scene_in_every_state(wall: Wall, scenario: str, lang: str) -> None:
    seen = wall(scenario, lang=lang, query=ALL)
    seen.wait_drawn()
    if scenario == "error":
        seen.page.wait_for_selector("#panel-risk .fail")
    if scenario == "starting":
        seen.page.wait_for_selector("#starting:not([hidden])")
    for size in ("hd", "portrait"):
        seen.resize(size)
        for scene in each_scene(seen):
            least = 5 if scenario == "starting" else 60 if scene == "today" else 25
            check(measured(seen), f"{scene} in {size}", at_least=least)


@pytest.mark.parametrize("scene", SCENES)
def test_a_scene_alone_has_no_pills_and_stays_whole(wall: Wall, scene: str) -> None:
    seen = wall(query=f"&scenes={scene}")
    seen.wait_drawn()
    assert not seen.page.is_visible("#scenes")
    check(measured(seen), scene, at_least=SCENES[scene])


def test_four_k_is_the_same_picture_twice_as_large(wall: Wall) -> None:
    places = """() => [...document.querySelectorAll('.p, .k, .r, .act, .cell, .chip, #clock')].map((n) => {
        const b = n.getBoundingClientRect(); return [b.x, b.y, b.width, b.height]; })"""
    found = []
    for size in ("hd", "4k"):
        seen = wall(size=size, query=ALL)
        seen.wait_drawn()
        found.append(seen.page.evaluate(places))
    one, two = found
    assert len(one) == len(two) > 30
    for a, b in zip(one, two, strict=True):
        assert b == pytest.approx([2 * value for value in a], abs=2.5)


def test_portrait_drops_the_feed_and_shows_four_risks(wall: Wall) -> None:
    seen = wall(size="portrait")
    seen.wait_drawn()
    assert not seen.page.is_visible("#panel-feed")
    assert seen.page.locator("#panel-risk .r:visible").count() == 4
    assert seen.page.locator("#risk-sub").inner_text() == "revenue at risk · +2 more"


def test_columns_share_their_baselines(wall: Wall) -> None:
    seen = wall(query=ALL)
    seen.wait_drawn()
    bottoms = """() => ['customers', 'runway', 'risk']
        .map((name) => document.getElementById(name + '-title').getBoundingClientRect().bottom)"""
    tops = seen.page.evaluate(bottoms)
    assert max(tops) - min(tops) <= 1
    for strip in ("#kpis-body .k:not(.h) .v", "#inventory_kpis-body .v"):
        edges = f"() => [...document.querySelectorAll('{strip}')].map((node) => node.getBoundingClientRect().top)"
        figures = seen.page.evaluate(edges)
        assert len(figures) >= 5 and max(figures) - min(figures) <= 1


def test_every_risk_is_named_and_upright_only_risks_are(wall: Wall) -> None:
    risks = {"Servo drive 400 W", "Pump 50 m³/h", "Controller PC-7", "Gear motor 60", "Actuator 400", "Actuated valve"}
    for size, others in (("hd", True), ("portrait", False)):
        seen = wall(size=size, query="&scenes=inventory")
        seen.wait_drawn()
        texts = set(seen.page.evaluate(DRAWN))
        assert risks <= texts
        assert bool(texts & {"SKU-0", "SKU-1", "SKU-2", "Seal kit", "Bearing set"}) is others


def test_a_crowd_of_risks_is_named_without_one_name_over_another(wall: Wall) -> None:
    """Thirty items that all run short: every name stands, none on another."""

    called: set[str] = set()

    def crowd(results: dict[str, Any]) -> dict[str, Any]:
        frame = results["speed_cover"].frame.copy()
        frame["sku"] = [f"IT-{place}" for place in range(len(frame))]
        frame["name"] = [f"Item no. {place}" for place in range(len(frame))]
        called.update(f"Item no. {place}" for place in range(30))
        for place in range(30):
            frame.loc[frame.index[place], ["at_risk", "cover_weeks", "weekly_sales"]] = [
                1e5, 0.6 + 0.11 * place, 1e4 * (1 + 7 * place % 40),
            ]  # fmt: skip
        return results | {"speed_cover": dataclasses.replace(results["speed_cover"], frame=frame)}

    for size in ("hd", "portrait"):
        seen = wall(size=size, query="&scenes=inventory", change=crowd)
        seen.wait_drawn()
        report = measured(seen)
        assert not report["overlapping"] and not report["clipped"]
        shown = seen.page.evaluate(DRAWN)
        assert len([text for text in shown if text in called]) == 30
