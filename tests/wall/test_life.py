"""The wall lives by itself: refresh in place, faults, recovery, rotation, and nothing from outside."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

import pytest

from data_access.result import Result
from tests.wall import canned
from tests.wall.conftest import Seen
from tests.wall.fake_server import FakeWall

pytestmark = pytest.mark.browser
Wall = Callable[..., Seen]
NODES = "() => document.querySelectorAll('#wall *').length"
ALL = ""  # no scenes named: all of them
LISTED = "#customers-body .r:first-child .a"


def sell_more(by: float) -> Callable[[dict[str, Result]], dict[str, Result]]:
    """Other figures, the same rows."""

    def change(results: dict[str, Result]) -> dict[str, Result]:
        customers = results["top_customers"].frame.copy()
        customers["revenue"] *= by
        forecast = results["forecast"].frame.copy()
        forecast["mean"] = [None if value is None or value != value else value * by for value in forecast["mean"]]
        return results | {
            "top_customers": dataclasses.replace(results["top_customers"], frame=customers),
            "forecast": dataclasses.replace(results["forecast"], frame=forecast),
        }

    return change


def text_is(seen: Seen, selector: str, text: str, timeout: float = 60_000) -> None:
    seen.page.wait_for_function(
        "([s, t]) => { const n = document.querySelector(s); return n && n.textContent.includes(t); }",
        arg=[selector, text],
        timeout=timeout,
    )


def test_first_paint_needs_no_panel_request(wall: Wall) -> None:
    seen = wall(query=ALL)
    seen.wait_drawn()
    text_is(seen, LISTED, "¥4.82M")
    assert set(seen.fake.requests) <= {"version"}
    assert not seen.problems and not seen.foreign


def test_it_asks_more_often_only_while_news_is_on_its_way(wall: Wall) -> None:
    seen = wall()
    seen.wait_drawn()
    seen.page.evaluate("""() => { window.waits = []; const real = window.setTimeout;
        window.setTimeout = (work, ms, ...more) => {
            if (work.name === 'loop') window.waits.push(ms);
            return real(work, ms, ...more); }; }""")
    asked: list[str | None] = []
    seen.page.on("request", lambda one: asked.append(one.headers.get("prefer")) if "/version" in one.url else None)
    for soon, low, high in ((False, 1500, 2500), (True, 0, 1500), (False, 1500, 2500)):
        seen.fake.soon = soon
        seen.page.wait_for_function("soon => tandem.version.soon === soon", arg=soon)
        seen.page.evaluate("() => { window.waits = []; }")
        seen.page.wait_for_function("([n, low]) => window.waits.filter((ms) => ms >= low).length >= n", arg=[3, low])
        assert low <= seen.page.evaluate("() => window.waits.at(-1)") <= high
        assert asked[-1] == ("wait=1" if soon else None)  # while it is, each answer waits for it


def test_without_panels_in_the_page_they_are_fetched_once(wall: Wall) -> None:
    seen = wall(inline=False)
    text_is(seen, LISTED, "¥4.82M")
    seen.wait_drawn()
    seen.page.wait_for_timeout(3000)
    fetched = [name for name in seen.fake.requests if name != "version"]
    assert sorted(fetched) == ["customers", "feed", "forecast", "kpis", "risk", "runway", "ticker"]
    assert seen.page.locator(".skeleton").count() == 0
    assert not seen.problems


REMEMBER = """() => {
    window.list = document.querySelector('#customers-body');
    window.svg = document.querySelector('#forecast-plot .main-svg');
}"""


def test_only_changed_panels_are_fetched_and_drawn_in_place(wall: Wall) -> None:
    seen = wall(query=ALL)
    seen.wait_drawn()
    seen.page.evaluate(REMEMBER)
    nodes: dict[float, set[int]] = {1.1: set(), 1.2: set()}
    for step, by in enumerate((1.1, 1.2, 1.1, 1.2), 1):
        seen.fake.requests.clear()
        seen.fake.changed["sales"] = sell_more(by)
        text_is(seen, LISTED, f"¥{4.82 * by:.2f}M")
        seen.page.wait_for_function("n => document.getElementById('forecast-plot').dataset.drawn > n", arg=step)
        assert {name for name in seen.fake.requests if name != "version"} == {"customers", "forecast"}
        nodes[by].add(seen.page.evaluate(NODES))
    assert all(len(counts) == 1 for counts in nodes.values()), nodes  # the same picture has the same nodes, whenever
    assert seen.page.evaluate("() => window.list.isConnected && window.svg.isConnected")
    assert not seen.problems and not seen.foreign


def test_hostile_names_never_become_markup(wall: Wall) -> None:
    seen = wall("hostile", query=ALL)
    dialogs: list[str] = []
    seen.page.on("dialog", lambda dialog: dialogs.append(dialog.message))
    seen.wait_drawn()
    seen.fake.changed["sales"] = sell_more(1.1)
    text_is(seen, LISTED, "¥5.30M")
    strange = seen.page.locator("#wall .rows a, #wall .plt a, #wall .n b, #wall img:not(.logo):not(.spark)")
    assert strange.count() == 0
    assert "<img src=x" in seen.page.locator("#customers-body .n").first.inner_text()
    assert "<img src" in seen.page.locator("#runway-plot").inner_text()
    assert not dialogs and not seen.problems


def test_unreachable_says_so_counts_down_and_recovers(wall: Wall) -> None:
    seen = wall()
    seen.wait_drawn()
    seen.fake.stop()
    seen.page.wait_for_selector("#band:not([hidden])")
    text_is(seen, "#band-what", "unreachable since 14:3")
    text_is(seen, "#band-more", "Retrying in")
    assert seen.page.locator(LISTED).inner_text() == "¥4.82M"
    assert not seen.page.is_visible("#ticker-body")
    first = seen.page.locator("#clock").inner_text()
    port = seen.fake.port
    seen.fake.changed["sales"] = sell_more(1.5)
    seen.fake.start(port)
    seen.page.wait_for_selector("#band", state="hidden")
    text_is(seen, LISTED, "¥7.23M")
    assert seen.page.is_visible("#ticker-body") and len(first) == 5


def test_ages_grow_while_the_server_is_away(wall: Wall) -> None:
    seen = wall()
    seen.wait_drawn()
    text_is(seen, "#chips", "2 min")
    seen.fake.stop()
    seen.page.wait_for_selector("#band:not([hidden])")
    seen.page.evaluate("() => { const real = tandem.now; tandem.now = () => real() + 7200e3; }")
    text_is(seen, "#chips .chip.bad", "old")
    text_is(seen, "#panel-customers > h2", "as of 14:30")
    assert seen.page.locator("#panel-customers").get_attribute("data-age") == "stale"


def test_a_link_that_was_revoked_is_named(wall: Wall) -> None:
    seen = wall()
    seen.wait_drawn()
    seen.fake.denied = True
    text_is(seen, "#band-what", "no longer valid")
    assert seen.page.locator(LISTED).inner_text() == "¥4.82M"


def test_stale_is_told_per_source(wall: Wall) -> None:
    seen = wall("half")
    seen.wait_drawn()
    text_is(seen, "#chips .wrn", "CRM 44 min old")
    assert seen.page.locator("#chips .chip").first.inner_text().split() == ["ERP", "2", "min"]
    text_is(seen, "#panel-runway > h2", "◆ as of 13:48")
    assert seen.page.locator("#panel-customers").get_attribute("data-age") is None
    assert seen.page.locator("#panel-feed .r[data-age]").count() == 1
    assert seen.page.locator(".k[data-age] .asof:visible").all_inner_texts() == ["as of 13:48"] * 2
    assert seen.page.locator(".k[data-age] .spark:visible").count() == 0


def test_stale_figures_lose_their_red(wall: Wall) -> None:
    fill = """() => {
        const texts = [...document.querySelectorAll('#runway-plot text')];
        return getComputedStyle(texts.find((text) => text.textContent === '¥1.90M')).fill;
    }"""
    seen = wall()
    seen.wait_drawn()
    assert seen.page.evaluate(fill) == "rgb(255, 127, 115)"
    seen.fake.scenario = "stale"
    seen.page.wait_for_selector("#panel-runway[data-age]")
    seen.page.wait_for_function(f"() => ({fill})() === 'rgb(240, 165, 156)'")


def test_one_panel_fails_alone_and_comes_back(wall: Wall) -> None:
    seen = wall("error", query=ALL)
    seen.wait_drawn()
    text_is(seen, "#panel-risk .fail", "could not be worked out")
    text_is(seen, "#panel-risk .fail", "7F2C")
    assert seen.page.locator(LISTED).inner_text() == "¥4.82M"
    seen.fake.broken.clear()
    seen.page.evaluate("() => { tandem.panels.risk.retryAt = 0; }")
    text_is(seen, "#risk-body", "Servo drive 400 W")
    assert seen.page.locator(".fail").count() == 0


def test_a_panel_that_breaks_later_keeps_its_picture(wall: Wall) -> None:
    seen = wall()
    seen.wait_drawn()
    seen.fake.broken.add("risk")
    text_is(seen, "#panel-risk > h2", "as of 14:28")
    assert "Servo drive 400 W" in seen.page.locator("#risk-body").inner_text()
    assert seen.page.locator(".fail").count() == 0


def test_starting_gives_way_to_the_figures(wall: Wall) -> None:
    seen = wall("starting")
    text_is(seen, "#starting-step", "Building the tables")
    assert seen.page.locator("#starting-bar").evaluate("n => n.style.width") == "33.3%"
    seen.fake.scenario = "normal"
    seen.page.wait_for_selector("#starting", state="hidden")
    text_is(seen, LISTED, "¥4.82M")


def test_alerts_take_turns(wall: Wall) -> None:
    seen = wall()
    seen.wait_drawn()
    assert seen.page.locator("#ticker-more").inner_text() == "1–3 of 7 alerts"
    assert seen.page.locator("#ticker-body .al:visible").count() == 3
    text_is(seen, "#ticker-more", "4–6 of 7 alerts")
    seen.page.wait_for_function("() => !document.querySelector('.als.swap')")
    assert "Orion Packaging ▼ 6%" in seen.page.locator("#ticker-body").inner_text()


def test_a_new_application_is_loaded_once(wall: Wall) -> None:
    seen = wall(query=ALL, clock=True)
    seen.wait_drawn()
    seen.page.evaluate("() => { window.old = true; }")
    seen.fake.app_version = "another"
    seen.page.wait_for_function("() => !window.old")
    seen.wait_drawn()
    seen.page.evaluate("() => { window.old = true; }")
    seen.polled(3)  # the page still says the old version: it must not go round in circles
    assert seen.page.evaluate("() => window.old")


def test_clock_is_the_companys_and_the_servers(wall: Wall) -> None:
    seen = wall()
    seen.wait_drawn()
    text_is(seen, "#clock", "14:3")
    assert seen.page.locator("#date").inner_text() == "Mon 23 Nov"


def test_one_scene_has_no_pills_and_keys_work(wall: Wall) -> None:
    seen = wall(query="&scenes=today,nonsense&dwell=7")
    seen.wait_drawn()
    assert not seen.page.is_visible("#scenes")
    for key in (" ", "ArrowRight", "ArrowLeft", "1", "4"):
        seen.page.keyboard.press(key)
    assert seen.page.locator("#scene-title").inner_text() == "Today"
    assert seen.page.is_visible("#panel-runway")


def test_odd_parameters_are_ignored(wall: Wall) -> None:
    seen = wall(query="&panels=evil&dwell=-1&scenes=<b>&company=x")
    seen.wait_drawn()
    assert seen.page.locator(LISTED).inner_text() == "¥4.82M"
    assert not seen.problems


def test_resize_redraws(wall: Wall) -> None:
    seen = wall()
    seen.wait_drawn()
    seen.page.set_viewport_size({"width": 1280, "height": 720})
    seen.page.wait_for_function("""() => {
        const plot = document.getElementById('runway-plot');
        return Math.abs(plot.querySelector('.main-svg').getBoundingClientRect().width - plot.clientWidth) < 1;
    }""")
    size = seen.page.evaluate(
        "() => parseFloat(getComputedStyle(document.querySelector('#runway-plot text')).fontSize)"
    )
    assert size == pytest.approx(22 * 2 / 3, rel=0.02)


def test_what_a_screen_reader_hears(wall: Wall) -> None:
    seen = wall()
    seen.wait_drawn()
    assert "¥5.7M" in (seen.page.get_attribute("#runway-plot", "aria-label") or "")
    assert "Expected" in (seen.page.get_attribute("#forecast-plot", "aria-label") or "")
    assert "41.6" in (seen.page.get_attribute("#panel-kpis", "aria-label") or "")
    assert seen.page.get_attribute("#runway-plot", "role") == "img"


def test_without_motion_nothing_moves(wall: Wall) -> None:
    seen = wall(query=ALL)
    seen.page.emulate_media(reduced_motion="reduce")
    seen.wait_drawn()
    moving = """() => [...document.querySelectorAll('#wall *')]
        .filter((node) => getComputedStyle(node).animationName !== 'none').length"""
    assert seen.page.evaluate(moving) == 0


def test_the_fake_server_speaks_as_the_real_one() -> None:
    fake: Any = FakeWall()
    document = fake.document()
    assert set(document) == {
        "version", "published_at", "as_of", "server_time", "timezone", "app", "phase", "soon", "progress", "sources",
        "panels", "scenes",
    }  # fmt: skip
    assert {source["status"] for source in document["sources"]} == {"fresh"}
    assert canned.NOW.isoformat() == document["published_at"]
