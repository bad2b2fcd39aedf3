"""No figure on the wall goes unchecked: a new one without an oracle fails here."""

from __future__ import annotations

import inspect
from importlib import import_module
from pathlib import Path

import pytest

from tests.wall.figures.reading import Wall

pytestmark = pytest.mark.browser


def test_every_figure_on_the_wall_is_compared_with_the_sources(wall: Wall, request: pytest.FixtureRequest) -> None:
    """Runs this folder's tests again and asks the page which texts and labels with a figure none of them read."""
    for file in sorted(Path(__file__).parent.glob("test_figures_*.py")):
        if file != Path(__file__):
            for name, test in vars(import_module(f"tests.wall.figures.{file.stem}")).items():
                if name.startswith("test_"):
                    test(**{given: request.getfixturevalue(given) for given in inspect.signature(test).parameters})
    assert not wall.unread()


def test_a_figure_nobody_reads_is_found(wall: Wall) -> None:
    """In a text, in a label, and in a panel of which only another part is read."""
    wall.page.evaluate("""() => {
        const add = (id, html) => document.getElementById(id).insertAdjacentHTML('beforeend', html);
        add('panel-feed', '<div class="planted">Planted 12</div>');
        add('panel-risk', '<div class="planted" aria-label="Planted 34"></div>');
    }""")
    try:
        assert [text.split(": ")[-1] for text in wall.unread() if "Planted" in text] == ["Planted 12", "Planted 34"]
        with pytest.raises(Exception, match="read its parts"):
            wall.texts("#panel-kpis")
    finally:
        wall.page.evaluate("() => document.querySelectorAll('.planted').forEach((node) => node.remove())")
