"""Whose figures, of when, and how old."""

from __future__ import annotations

import re
import tomllib
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from tests.served import DemoCompany
from tests.wall.figures.reading import Wall

pytestmark = pytest.mark.browser
AGE = re.compile(r"(?:(\d+) h )?(?:(\d+) min|<1 min)( old)?")


def test_company_date_and_clock(wall: Wall, demo_company: DemoCompany) -> None:
    """The company's own zone, wherever the screen hangs."""
    settings = tomllib.loads((demo_company.folder / "tandem.toml").read_text(encoding="utf-8"))["company"]
    assert wall.text(".bar-top .co") == f"{settings['name']} Tandem"
    zone = ZoneInfo(settings["timezone"])
    before = datetime.now(zone)
    date, clock = wall.text("#date"), wall.text("#clock")
    moments = [before - timedelta(seconds=2), datetime.now(zone)]
    assert f"{date} {clock}" in [f"{at:%a} {at.day} {at:%b} {at:%H:%M}" for at in moments]


def test_scenes_are_counted(wall: Wall) -> None:
    assert wall.text("#scenes .count") == "1 / 1" and not wall.page.is_visible("#scenes")


def test_how_long_ago_each_system_was_read(wall: Wall) -> None:
    first, last = wall.synced
    chips = wall.texts("#chips")
    now = datetime.now(UTC)
    (text,) = chips
    found = re.fullmatch(rf"ERP ({AGE.pattern})CRM ({AGE.pattern})", text)
    assert found, text
    for age in (found[1], found[5]):
        parts = AGE.fullmatch(age)
        assert parts
        minutes = 60 * int(parts[1] or 0) + int(parts[2] or 0)
        assert (now - last).total_seconds() // 60 - 1 <= minutes <= (now - first).total_seconds() // 60, age


def test_what_is_old_says_when_it_was_read(wall: Wall) -> None:
    """Nothing while the sources are fresh; the time of the last read on every panel once they are late."""
    zone = ZoneInfo("Asia/Shanghai")
    first, last = (at.astimezone(zone) for at in wall.synced)
    minutes = int((last - first).total_seconds()) // 60 + 2
    times = {f"{first + timedelta(minutes=n):%H:%M}" for n in range(minutes)}
    for text in filter(None, wall.texts("[data-asof]")):
        assert re.search(r"as of (?:\d+ \w+ )?(\d\d:\d\d)$", text)[1] in times, text  # type: ignore[index]
