"""Pictures and reports: real ones, by a Chromium that has no network."""

from __future__ import annotations

import re
import struct
import time
import zlib
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import pytest

from data_access.config import parse_config
from data_access.errors import TandemError
from data_access.filters import NOTHING
from data_access.panels import PANELS
from pages._draw import Artist
from pages._render import Renderer, Size
from pages._server import create_server, is_page
from pages._services import Services
from tests.conftest import CHROMIUM
from tests.manyitems import HOSTILE, published
from tests.pages.conftest import COMPANY, SOURCES

pytestmark = [pytest.mark.browser, pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine")]
NAMES = [HOSTILE[i] for i in (0, 2, 4, 6, 8, 9)]
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def renderer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Renderer]:
    folder: Path = tmp_path_factory.mktemp("draw")
    config = parse_config({"company": COMPANY, "source": SOURCES, "warehouse": {"path": "wh"}}, folder / "tandem.toml")
    published(folder / "wh", len(NAMES), 2, NAMES)
    services = Services(config)
    services.reader.refresh()
    server, _ = create_server(services)
    made = Renderer(server.wsgi_app, folder / "exports")
    yield made
    made.close()


@pytest.fixture
def artist(renderer: Renderer) -> Artist:
    return Artist(renderer, is_page)


def png_size(data: bytes) -> tuple[int, int]:
    assert data.startswith(b"\x89PNG\r\n\x1a\n")
    width, height = struct.unpack(">II", data[16:24])
    return width, height


def inked(data: bytes) -> float:
    """The share of a picture's bytes that are not those of the byte before: 0 for a blank one."""
    parts, at = [], 8
    while at < len(data):
        (length,) = struct.unpack(">I", data[at : at + 4])
        if data[at + 4 : at + 8] == b"IDAT":
            parts.append(data[at + 8 : at + 8 + length])
        at += 12 + length
    raw = zlib.decompress(b"".join(parts))
    return sum(1 for byte in raw if byte) / len(raw)


def texts(svg: bytes) -> list[str]:
    return [node.text or "" for node in ElementTree.fromstring(svg).iter(f"{SVG}text")]


def test_hostile_names_are_drawn_as_text(artist: Artist) -> None:
    svg = artist.panel(PANELS["risk"], "svg", NOTHING, "en")
    root = ElementTree.fromstring(svg)
    found = texts(svg)
    for name in NAMES:
        shown = re.sub(r"[\t\n\r ]+", " ", re.sub(r"[\x00-\x08]", "\ufffd", name)).strip()
        assert any(
            text.strip() == shown or text.endswith("…") and shown.startswith(text[:-1].strip()) for text in found
        ), name
    tags = {node.tag.removeprefix(SVG) for node in root.iter()}
    assert not tags & {"script", "foreignObject", "iframe", "img"}, tags
    assert not any(key.startswith("on") for node in root.iter() for key in node.attrib)
    links = [value for node in root.iter() for key, value in node.attrib.items() if key.endswith("href")]
    assert all(value.startswith(("data:", "#")) for value in links)
    assert "Stock-out risk" in found and any("as of 31 Jan 2026 16:00" in text for text in found)
    assert any(text.startswith("as of") and "Kaichuan Motion" in text and "version 1" in text for text in found)


def test_a_picture_is_twice_as_fine_as_the_screen_and_not_blank(artist: Artist) -> None:
    root = ElementTree.fromstring(artist.panel(PANELS["risk"], "svg", NOTHING, "zh"))
    width, height = float(root.attrib["width"]), float(root.attrib["height"])
    data = artist.panel(PANELS["risk"], "png", NOTHING, "zh")
    found = png_size(data)
    assert abs(found[0] - 2 * width) <= 4 and abs(found[1] - 2 * height) <= 4
    assert inked(data) > 0.005


def test_a_report_is_one_page_of_a4_across(artist: Artist) -> None:
    data = artist.panel(PANELS["risk"], "pdf", NOTHING, "en")
    assert data.startswith(b"%PDF-") and data.rstrip().endswith(b"%%EOF")
    boxes = re.findall(rb"/MediaBox\s*\[0 0 ([\d.]+) ([\d.]+)\]", data)
    assert [(round(float(w)), round(float(h))) for w, h in boxes] == [(842, 596)]
    assert b"IBMPlexSans" in data, "the page's own type, as text"


def test_a_page_has_no_network_but_the_application(renderer: Renderer) -> None:
    with renderer.page("/panel/risk?lang=en", Size(1000, 700), 1.0) as page:
        script = "fetch('{}').then((answer) => answer.status, (error) => 'refused')"
        assert page.run(script.format("/healthz")) == 200
        assert page.run(script.format("http://127.0.0.1:9/x")) == "refused"
        assert page.run(script.format("https://example.invalid/x")) == "refused"
        assert page.run("navigator.onLine !== undefined && document.cookie") == ""
        assert page.run("innerWidth") == 1000


def test_a_browser_that_dies_is_replaced(renderer: Renderer, artist: Artist) -> None:
    with renderer.page("/panel/risk", Size(800, 600), 1.0):
        pass
    assert renderer._browser is not None
    first = renderer._browser
    first._process.kill()
    first._process.wait()
    assert png_size(artist.panel(PANELS["risk"], "png", NOTHING, "en"))[0] > 600
    assert renderer._browser is not first


def test_a_browser_that_dies_while_it_draws_is_told(renderer: Renderer) -> None:
    with pytest.raises(TandemError, match="Chromium"), renderer.page("/panel/risk", Size(800, 600), 1.0) as page:
        assert renderer._browser is not None
        renderer._browser._process.kill()
        page.run("1 + 1")
    with renderer.page("/panel/risk", Size(800, 600), 1.0) as page:
        assert page.run("1 + 1") == 2


def test_an_idle_browser_ends_and_leaves_nothing(renderer: Renderer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pages._render.IDLE_S", 0.2)
    with renderer.page("/panel/risk", Size(800, 600), 1.0):
        browser = renderer._browser
    assert browser is not None
    limit = time.monotonic() + 30
    while Path(browser._folder).exists() and time.monotonic() < limit:
        time.sleep(0.1)
    assert renderer._browser is None and not browser.alive and not Path(browser._folder).exists()


def test_a_panel_that_fails_gives_no_picture(artist: Artist, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise ValueError("canary-5f3a")

    monkeypatch.setattr("data_access.overview.stockout_risk", broken)
    with pytest.raises(TandemError, match="could not be worked out") as caught:
        artist.panel(PANELS["risk"], "png", NOTHING, "en")
    assert "canary" not in caught.value.line()
