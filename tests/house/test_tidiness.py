"""Rules of the house that a reader would otherwise have to remember."""

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def tracked(*patterns: str) -> list[Path]:
    done = subprocess.run(["git", "ls-files", *patterns], cwd=ROOT, capture_output=True, text=True)
    if done.returncode != 0:
        pytest.skip("not a git checkout")
    return [ROOT / name for name in done.stdout.split() if (ROOT / name).exists()]


def test_modules_stay_small() -> None:
    long = {str(p.relative_to(ROOT)): n for p in tracked("*.py") if (n := len(p.read_text().splitlines())) > 300}
    assert not long, f"split these (300 lines at the most): {long}"


def test_sql_files_stay_small() -> None:
    files = [p for p in tracked("*.sql") if "fixtures" not in p.parts]
    long = {str(p.relative_to(ROOT)): n for p in files if (n := len(p.read_text().splitlines())) > 60}
    assert not long, f"split these (60 lines at the most): {long}"


def test_colours_live_in_assets_and_theme() -> None:
    hits = [
        f"{p.relative_to(ROOT)}:{i}"
        for p in tracked("pages/*.py", "components/*.py", "data_access/*.py", "app.py")
        if p.name != "theme.py"
        for i, line in enumerate(p.read_text().splitlines(), 1)
        if re.search(r"#[0-9a-fA-F]{6}\b", line)
    ]
    assert not hits, hits


def test_no_unfinished_words() -> None:
    words = re.compile(r"\b(TODO" + r"|FIXME|XXX|HACK|NotImplementedError)\b")
    hits = [
        f"{p.relative_to(ROOT)}:{i}"
        for p in tracked("*.py", "*.sql", "*.js", "*.css", "*.toml", "*.md")
        if "vendor" not in p.parts and p != Path(__file__)
        for i, line in enumerate(p.read_text().splitlines(), 1)
        if words.search(line)
    ]
    assert not hits, hits


def test_every_model_and_query_says_what_it_is() -> None:
    files = tracked("data_access/models/core/*.sql", "data_access/models/marts/*.sql", "data_access/queries/*.sql")
    assert files
    silent = [str(p.relative_to(ROOT)) for p in files if not re.search(r"^-- (doc|grain):", p.read_text(), re.M)]
    assert not silent, silent


def test_nothing_is_fetched_from_outside() -> None:
    """Fonts, scripts and styles are self-hosted: no address of another host in what the browser loads."""
    hits = [
        f"{p.relative_to(ROOT)}: {m}"
        for p in tracked("assets/*.css", "assets/*.js")
        if "vendor" not in p.parts
        for m in re.findall(r"(?:https?:)?//[\w.-]+\.\w+[^\s'\")]*", p.read_text())
        if "www.w3.org" not in m
    ]
    assert not hits, hits
