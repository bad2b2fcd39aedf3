"""The configured sources with their profiles."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass

from data_access.config import Config, Source
from data_access.connectors.base import Connector
from data_access.connectors.opening import open_connector
from data_access.connectors.profile import Profile, load_profile
from data_access.secrets import Secret


@dataclass(frozen=True)
class OpenSource:
    """A configured source with its profile."""

    config: Source
    profile: Profile

    def connect(self) -> Connector:
        """A connector that has not connected yet; ConfigError when its address or settings cannot be used."""
        config = self.config
        places = {"url": config.url, "base_url": config.base_url, "folder": config.folder}
        given = {key: _plain(value) for key, value in places.items() if value is not None}
        settings = {name: _setting(name, value) for name, value in config.settings.items()}
        return open_connector(self.profile, config.name, {key: str(value) for key, value in given.items()}, settings)

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


def _plain(value: object) -> object:
    return value.reveal() if isinstance(value, Secret) else value


def _setting(name: str, value: object) -> object:
    """A setting as its profile reads it; ca_bundle from the configuration's folder on."""
    if name == "ca_bundle" and isinstance(value, Secret):
        return str(value.folder / value.reveal())
    return _plain(value)


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
