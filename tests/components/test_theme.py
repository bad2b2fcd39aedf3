"""One place for colours; the vendored bundle is the one Plotly.py speaks to."""

import json
import re

import pytest
from plotly.offline import get_plotlyjs_version

from components import assets, theme
from components.assets import ASSETS, PLOTLY_FILE
from components.desk import look


def luminance(hex_colour: str) -> float:
    parts = [int(hex_colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_styles_take_their_colours_from_the_tokens() -> None:
    icons = set(re.findall(r"--(icon-[\w-]+):", (ASSETS / "02-icons.css").read_text()))
    for path in ASSETS.glob("*.css"):
        if path.name != "00-tokens.css":
            assert not re.findall(r"#[0-9a-fA-F]{3,8}\b", path.read_text()), path.name
            used = set(re.findall(r"var\(--([\w-]+)", path.read_text())) - {"dwell", "play", "rows", "size"} - icons
            assert used <= set(theme.tokens()), (path.name, used - set(theme.tokens()))


def test_scripts_hold_no_colours() -> None:
    for path in ASSETS.glob("*.js"):
        assert not re.findall(r"#[0-9a-fA-F]{6}\b|rgba?\(", path.read_text()), path.name


def test_template_and_tokens_agree() -> None:
    known = {value for value in theme.tokens().values() if value.startswith("#")}
    used = set(re.findall(r"#[0-9a-fA-F]{6}", json.dumps(theme.plotly_template())))
    assert used and used <= known


def test_both_schemes_have_the_same_tokens() -> None:
    dark, light = theme.tokens("dark"), theme.tokens("light")
    colours = {name for name, value in dark.items() if value.startswith("#")}
    same = {name for name in colours if dark[name] == light[name]}
    assert all(name in ("focus", "on") or name.startswith("nav") for name in same)  # the navigation is dark on both


def test_logo_has_the_systems_colours() -> None:
    assert set(re.findall(r"#[0-9A-F]{6}", (ASSETS / "logo.svg").read_text())) == {
        theme.colour("erp"),
        theme.colour("crm"),
    }


@pytest.mark.parametrize("ink", ["text", "text-2", "erp", "crm", "warn", "crit", "crit-stale", "warn-stale"])
def test_figures_read_from_afar(ink: str) -> None:
    assert contrast(theme.colour(ink), theme.colour("surface")) >= 7


@pytest.mark.parametrize(
    ("ink", "ground"), [("text-3", "surface"), ("warn", "warn-bg"), ("crit", "crit-bg"), ("text-2", "crit-bg")]
)
def test_all_text_reads(ink: str, ground: str) -> None:
    assert contrast(theme.colour(ink), theme.colour(ground)) >= 4.5


def test_alpha() -> None:
    assert theme.alpha("erp", 0.2) == "rgba(111,177,255,0.2)"


def test_bundle_is_the_version_plotly_speaks_to() -> None:
    assert get_plotlyjs_version() == assets.PLOTLY_VERSION
    assert f"v{assets.PLOTLY_VERSION}" in PLOTLY_FILE.read_text(encoding="utf-8")[:400]
    assert re.fullmatch(assets.ASSETS_IGNORE, PLOTLY_FILE.name)


def test_bundle_and_fonts_come_with_their_licences() -> None:
    assert "MIT" in (ASSETS / "vendor" / "plotly-LICENSE.txt").read_text()
    assert "SIL Open Font License" in (ASSETS / "fonts" / "OFL.txt").read_text()


def test_every_font_named_is_there() -> None:
    named = re.findall(r"url\((fonts/[\w.-]+)\)", (ASSETS / "01-fonts.css").read_text())
    assert len(named) == 12 and all((ASSETS / name).exists() for name in named)


def test_shapes_need_no_server() -> None:
    addresses = [a for path in ASSETS.glob("*.css") for a in re.findall(r"url\(([^)]{0,40})", path.read_text())]
    assert addresses and all(a.strip("\"'").startswith(("data:", "fonts/")) for a in addresses)


def test_what_is_drawn_for_the_wall_has_its_light_twin_on_a_desk() -> None:
    for name in ("text", "text-2", "surface", "erp", "crm", "crit", "grid", "neutral"):
        assert look.desk({"color": theme.colour(name)}, 1.0) == {"color": theme.colour(name, "light")}
