"""From a profile and where its system is to a connector of the right kind."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from importlib import import_module

from data_access.connectors.base import Connector
from data_access.connectors.profile import Profile
from data_access.errors import ConfigError

ADDRESS = {"sql": "url", "rest": "base_url", "files": "folder"}
_LIBRARIES = {"sql": ("sqlalchemy",), "rest": ("httpx",), "files": ()}
EXAMPLE = {"url": "driver://user:${PASSWORD}@host/database", "base_url": "https://host/path", "folder": "exports"}


def prepare(kinds: Collection[str]) -> None:
    """Loads the libraries of these kinds of sources: threads that do so at the same time may find them half loaded."""
    for kind in kinds:
        for library in _LIBRARIES[kind]:
            import_module(library)


def open_connector(profile: Profile, name: str, places: Mapping[str, str], settings: Mapping[str, object]) -> Connector:
    """A connector that has not connected yet. `places`: address key (url, base_url, folder) -> value, as configured;
    ConfigError when the one this kind needs is missing, another is given, or it cannot be used."""
    wanted = ADDRESS[profile.kind]
    for key in places:
        if key != wanted:
            raise ConfigError(
                f"source.{name}.{key}: {profile.title} is reached by {wanted}", f"write {wanted} instead of {key}"
            )
    if wanted not in places:
        raise ConfigError(f"source.{name}.{wanted}: missing", f'add {wanted} = "{EXAMPLE[wanted]}" to the [[source]]')
    return _OPEN[profile.kind](profile, places[wanted], settings)


def _sql(profile: Profile, url: str, settings: Mapping[str, object]) -> Connector:
    from data_access.connectors.sql import SqlConnector

    return SqlConnector(profile, url, settings)


def _rest(profile: Profile, base_url: str, settings: Mapping[str, object]) -> Connector:
    from data_access.connectors.rest.connector import RestConnector

    return RestConnector(profile, base_url, settings)


def _files(profile: Profile, folder: str, settings: Mapping[str, object]) -> Connector:
    from data_access.connectors.files.connector import FilesConnector

    return FilesConnector(profile, folder, settings)


_OPEN: dict[str, Callable[[Profile, str, Mapping[str, object]], Connector]] = {
    "sql": _sql,
    "rest": _rest,
    "files": _files,
}
