"""The configured sources with their profiles."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass

from data_access.config import Config, Source
from data_access.connectors.base import Connector
from data_access.connectors.profile import Profile, load_profile
from data_access.connectors.sql import SqlConnector
from data_access.errors import ConfigError


@dataclass(frozen=True)
class OpenSource:
    """A configured source with its profile."""

    config: Source
    profile: Profile

    def connect(self) -> Connector:
        """A connector that has not connected yet; ConfigError when url or settings cannot be used."""
        if self.config.url is None:
            raise ConfigError(f"source.{self.config.name}.url: missing", 'add url = "..." to the [[source]]')
        settings = {
            name: value.reveal() if hasattr(value, "reveal") else value for name, value in self.config.settings.items()
        }
        return SqlConnector(self.profile, self.config.url.reveal(), settings)

    def streams_of(self, entities: Collection[str]) -> set[str]:
        """The streams behind these names, each a stream or a canonical entity."""
        found = set(entities) & self.profile.stream.keys()
        for entity in entities:
            for block in self.profile.entity.get(entity, ()):
                found |= {name for name in self.profile.stream if re.search(rf"\b{name}\b", block.from_)}
        return found

    def streams(self, wanted: Collection[str] | None) -> list[str]:
        """Stream names, of the wanted streams or canonical entities only."""
        if wanted is None:
            return list(self.profile.stream)
        return [name for name in self.profile.stream if name in wanted]


def open_sources(config: Config) -> list[OpenSource]:
    """Every configured source; ConfigError for a bad profile."""
    found = []
    for source in config.sources:
        if source.profile is not None:
            profile = load_profile(str(config.folder / source.profile))
        else:
            profile = load_profile(source.system or "")
        found.append(OpenSource(source, profile))
    return found
