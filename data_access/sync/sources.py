"""The configured sources with their profiles."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass

from data_access.config import Config, Source
from data_access.connectors.base import Connector
from data_access.connectors.opening import open_connector
from data_access.connectors.profile import Profile, load_profile, suggest
from data_access.errors import ConfigError
from data_access.secrets import Secret
from data_access.sync.drift import Watched


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
        settings = {name: _plain(value) for name, value in config.settings.items()}
        return open_connector(self.profile, config.name, {key: str(value) for key, value in given.items()}, settings)

    @property
    def watched(self) -> Watched:
        """Its streams, and what a change of their columns means for each."""
        specs = self.profile.stream
        policies = {name: self.config.policy_of(name, spec.on_new_column) for name, spec in specs.items()}
        return Watched(self.config.name, specs, policies)

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


def open_sources(config: Config) -> list[OpenSource]:
    """Every configured source; ConfigError for a bad profile."""
    found = []
    for source in config.sources:
        if source.profile is not None:
            profile = load_profile(str(config.folder / source.profile))
        else:
            profile = load_profile(source.system or "")
        for name in source.on_new_column if isinstance(source.on_new_column, dict) else ():
            if name not in profile.stream:
                place = f"{config.path.name}: source.{source.name}.on_new_column.{name}"
                raise ConfigError(f"{place}: no stream of its profile", suggest(name, profile.stream))
        found.append(OpenSource(source, profile))
    return found
