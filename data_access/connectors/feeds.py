"""Which feed each stream of a profile belongs to (models/feeds.toml): what people call the things that are read."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from data_access.connectors.profile import Profile

FEEDS = Path(__file__).parents[1] / "models" / "feeds.toml"


@cache
def known_feeds() -> Mapping[str, tuple[str, ...]]:
    """Feed -> its canonical entities, in the file's order."""
    return {name: tuple(entities) for name, entities in tomllib.loads(FEEDS.read_text(encoding="utf-8")).items()}


def feed_of_entity(entity: str) -> str:
    """The feed of a canonical entity (or stream that is a feed by itself)."""
    return next((feed for feed, entities in known_feeds().items() if entity in entities), entity)


def feeds_of(profile: Profile) -> dict[str, tuple[str, ...]]:
    """Feed -> its streams; every stream is in exactly one."""
    found: dict[str, str] = {}
    for firsts_only in (True, False):
        for feed, entities in known_feeds().items():
            for entity in entities:
                for block in profile.entity.get(entity, ()):
                    used = _streams(profile, block.from_)
                    for stream in used[:1] if firsts_only else used:
                        found.setdefault(stream, feed)
    feeds: dict[str, list[str]] = {feed: [] for feed in known_feeds()}
    for stream in profile.stream:
        feeds.setdefault(found.get(stream, stream), []).append(stream)
    return {feed: tuple(streams) for feed, streams in feeds.items() if streams}


def _streams(profile: Profile, text: str) -> list[str]:
    """The streams a FROM names, in the order it names them."""
    words = re.findall(r"[A-Za-z_][A-Za-z0-9_]*", text)
    return list(dict.fromkeys(word for word in words if word in profile.stream))
