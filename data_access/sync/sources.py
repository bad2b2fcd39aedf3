"""The configured sources with their profiles."""

from __future__ import annotations

import re
from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass

from data_access.config import Config, Source
from data_access.connectors.base import Connector
from data_access.connectors.opening import open_connector
from data_access.connectors.profile import Profile, load_profile, suggest
from data_access.connectors.read_by import read_by
from data_access.errors import ConfigError
from data_access.secrets import Secret
from data_access.sync.drift import Watched
from data_access.sync.target import Target


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

    def target(self, stream: str) -> Target:
        """Where the stream lands; a setting that cannot be resolved counts as not given."""
        given = dict[str, object]()
        for name in self.config.settings:
            with suppress(ConfigError):
                given[name] = self.setting(name)
        return Target(self.config.name, stream, self.profile.stream[stream], read_by(self.profile, stream, given))

    def setting(self, name: str) -> object:
        """One of its profile's settings as given, secrets resolved."""
        return _plain(self.config.settings[name])

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

    def interval_of(self, stream: str) -> float | str:
        """Seconds between its reads, or a cron line. In `schedule` a stream's own name counts before an entity's."""
        schedule = self.config.schedule
        if stream in schedule:
            return schedule[stream]
        named = (name for name in schedule if stream in self.streams_of([name]))
        return schedule[name] if (name := next(named, None)) is not None else self.config.interval

    def has_own_rhythm(self, stream: str) -> bool:
        return any(stream in self.streams_of([name]) for name in self.config.schedule)

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
    return [_open(config, source) for source in config.sources]


def open_source(config: Config, name: str) -> OpenSource:
    """The configured source of this name; ConfigError when there is none, or for a bad profile."""
    return _open(config, config.find_source(name))


def _open(config: Config, source: Source) -> OpenSource:
    path = str(config.folder / source.profile) if source.profile is not None else None
    opened = OpenSource(source, load_profile(path or source.system or ""))
    place = f"{config.path.name}: source.{source.name}"
    known = (*opened.profile.stream, *opened.profile.entity)
    for name in source.schedule:
        if name not in known:
            raise ConfigError(f"{place}.schedule.{name}: it has no such stream or entity", suggest(name, known))
    for name in source.on_new_column if isinstance(source.on_new_column, dict) else ():
        if name not in opened.profile.stream:
            raise ConfigError(f"{place}.on_new_column.{name}: no stream of its profile", suggest(name, known))
    return opened
