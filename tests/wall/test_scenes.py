"""Scenes take turns: their order, what is left out, pause and keys, and from memory while the server is away."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from components.wall import scenes
from tests.wall.conftest import Seen

pytestmark = pytest.mark.browser
Wall = Callable[..., Seen]
BOTH = "&scenes=today,inventory"
SHOWN = "() => [...document.querySelectorAll('[data-scene]:not(.off)')].map((node) => node.dataset.scene)"


def is_shown(seen: Seen, scene: str, timeout: float = 60_000) -> None:
    seen.page.wait_for_function(f"name => ({SHOWN})().join() === name", arg=scene, timeout=timeout)


def test_scenes_of_the_address_in_their_order(wall: Wall) -> None:
    wall()  # a page can be imported once there is an application
    from pages.wall import chosen, seconds

    assert chosen("inventory,today") == ["inventory", "today"]
    assert chosen("inventory,inventory,<b>") == ["inventory"]
    assert chosen(None) == chosen("nothing") == list(scenes.SCENES)
    assert (seconds("7"), seconds("1"), seconds("x"), seconds("9999")) == (7, 5, 20, 600)


def test_they_take_turns_and_the_count_tells_which(wall: Wall) -> None:
    seen = wall(query=f"{BOTH}&dwell=5", clock=True)
    seen.wait_drawn()
    assert seen.page.evaluate(SHOWN) == ["today"]
    assert seen.page.locator("#scenes .count").inner_text() == "1 / 2"
    assert seen.page.locator("#scenes .pill:visible").count() == 2
    seen.later(5)
    is_shown(seen, "inventory")
    assert seen.page.locator("#scene-title").inner_text() == "Sales vs inventory"
    assert seen.page.locator("#scenes .count").inner_text() == "2 / 2"
    seen.page.wait_for_selector("#panel-runway", state="hidden")
    assert seen.page.is_visible("#panel-speed_cover")
    seen.later(5)
    is_shown(seen, "today")
    assert not seen.problems


def test_one_fades_into_the_other(wall: Wall) -> None:
    """Half-way both are to be seen; in the end the one that went cannot be reached, by eye or by key."""
    seen = wall(query=BOTH)
    seen.wait_drawn()
    look = """async () => {
        const at = (name) => {
            const style = getComputedStyle(document.querySelector(`[data-scene=${name}]`));
            return [Number(style.opacity), style.visibility];
        };
        const seen = [], until = performance.now() + 3000;
        tandem.show('inventory');
        while (performance.now() < until) {
            await new Promise((done) => requestAnimationFrame(done));
            seen.push([at('today'), at('inventory')]);
        }
        return seen;
    }"""
    found = seen.page.evaluate(look)
    assert any(0 < gone[0] < 1 and 0 < come[0] < 1 and gone[1] == come[1] == "visible" for gone, come in found)
    assert found[-1] == [[0, "hidden"], [1, "visible"]]
    assert seen.page.locator("[data-scene=today]").get_attribute("inert") is not None


def test_what_is_critical_comes_first_and_stays_longer(wall: Wall) -> None:
    seen = wall(query=f"{BOTH}&dwell=5", states={"inventory": "critical"}, clock=True)
    seen.wait_drawn()
    assert seen.page.evaluate(SHOWN) == ["inventory"]
    lasts = "() => getComputedStyle(document.getElementById('scenes')).getPropertyValue('--dwell')"
    assert seen.page.evaluate(lasts) == "10s"
    seen.later(6)
    assert seen.page.evaluate(SHOWN) == ["inventory"]
    seen.later(4)
    is_shown(seen, "today")
    assert seen.page.evaluate(lasts) == "5s"


def test_what_becomes_critical_is_shown_next(wall: Wall) -> None:
    seen = wall(query=f"{BOTH}&dwell=600")
    seen.wait_drawn()
    seen.page.keyboard.press("ArrowRight")
    is_shown(seen, "inventory")
    seen.fake.states["today"] = "critical"
    seen.page.wait_for_function("() => document.querySelector('#scenes .count').textContent === '2 / 2'")
    seen.page.keyboard.press("ArrowRight")
    is_shown(seen, "today")
    assert seen.page.locator("#scenes .count").inner_text() == "1 / 2"


def test_a_healthy_scene_is_left_out_until_it_is_news(wall: Wall) -> None:
    seen = wall(query=f"{BOTH}&dwell=5", states={"inventory": "healthy"}, clock=True)
    seen.wait_drawn()
    assert not seen.page.is_visible("#scenes")
    seen.page.keyboard.press("ArrowRight")
    seen.later(6)
    assert seen.page.evaluate(SHOWN) == ["today"]
    seen.fake.states["inventory"] = "critical"
    is_shown(seen, "inventory")
    seen.fake.states["inventory"] = "healthy"
    is_shown(seen, "today")


def test_only_healthy_scenes_are_shown_all_the_same(wall: Wall) -> None:
    seen = wall(query="&scenes=inventory", states={"inventory": "healthy"})
    seen.wait_drawn()
    assert seen.page.evaluate(SHOWN) == ["inventory"]


def test_pause_and_keys(wall: Wall) -> None:
    seen = wall(query=f"{BOTH}&dwell=5", clock=True)
    seen.wait_drawn()
    seen.page.keyboard.press(" ")
    assert seen.page.locator("#scenes .count").inner_text() == "1 / 2 · paused"
    seen.later(6.5)
    assert seen.page.evaluate(SHOWN) == ["today"]
    for key, scene in (
        ("ArrowRight", "inventory"),
        ("ArrowRight", "today"),
        ("ArrowLeft", "inventory"),
        ("1", "today"),
    ):
        seen.page.keyboard.press(key)
        is_shown(seen, scene)
    seen.page.keyboard.press("2")
    is_shown(seen, "inventory")
    seen.page.keyboard.press("3")
    seen.page.keyboard.press(" ")
    assert seen.page.locator("#scenes .count").inner_text() == "2 / 2"
    seen.later(5)
    is_shown(seen, "today")


def test_without_the_server_they_go_on_from_memory(wall: Wall) -> None:
    seen = wall(query=f"{BOTH}&dwell=5", clock=True)
    seen.wait_drawn()
    seen.fake.stop()
    seen.page.wait_for_selector("#band:not([hidden])")
    for scene in ("inventory", "today", "inventory"):
        is_shown(seen, scene)
        assert seen.page.is_visible("#band") and not seen.page.is_visible("#panel-ticker")
    assert "¥5.7M" in seen.page.locator("#inventory_kpis-body").inner_text().replace("\n", "")
    seen.page.keyboard.press(" ")
    inside = """() => { const band = document.getElementById('band').getBoundingClientRect();
        const last = document.getElementById('panel-do_next').getBoundingClientRect();
        return [band.bottom <= innerHeight, last.bottom <= band.top]; }"""
    assert seen.page.evaluate(inside) == [True, True]


def test_turning_makes_no_nodes(wall: Wall) -> None:
    seen = wall(query=BOTH)
    seen.wait_drawn()
    count = """async () => {
        const found = new Set();
        for (let i = 0; i < 40; i += 1) {
            tandem.show(i % 2 ? 'today' : 'inventory');
            await new Promise((done) => setTimeout(done, 20));
            found.add(document.querySelectorAll('#wall *').length);
        }
        return [...found];
    }"""
    before = seen.page.evaluate("() => document.querySelectorAll('#wall *').length")
    assert seen.page.evaluate(count) == [before]
    assert not seen.problems


def test_without_motion_scenes_cut(wall: Wall) -> None:
    seen = wall(query=BOTH)
    seen.page.emulate_media(reduced_motion="reduce")
    seen.wait_drawn()
    cut = """() => { tandem.show('inventory');
        return getComputedStyle(document.querySelector('[data-scene=today]')).visibility; }"""
    assert seen.page.evaluate(cut) == "hidden"
    assert seen.page.locator("#scenes .pill:visible").count() == 0
    assert seen.page.locator("#scenes .count").inner_text() == "2 / 2"
