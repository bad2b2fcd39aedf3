"""Links to the record in its own system: a profile's `record_url`, filled with its id and the source's settings."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING
from urllib.parse import quote

from data_access.connectors import placeholders
from data_access.connectors.profile import Profile, load_profile
from data_access.errors import ConfigError
from data_access.secrets import Secret

if TYPE_CHECKING:
    from data_access.config import Config, Source

THINGS = ("order", "product", "customer", "opportunity", "ticket", "invoice")


def record_link(config: Config, thing: str, record_id: str | None) -> str | None:
    """The address of a record (`<source>:<id>`) in its system; None where its profile or its settings name none."""
    name, _, own_id = (record_id or "").partition(":")
    source = next((one for one in config.sources if one.name == name), None)
    if source is None or not own_id:
        return None
    profile = _profile(str(config.folder / source.profile) if source.profile else source.system or "")
    template = profile.record_url.get(thing) if profile else None
    if not template:
        return None
    known = {**_settings(profile, source), "id": quote(own_id, safe="")}
    names = placeholders.names(template)
    if not all(known.get(one) for one in names):
        return None
    link = placeholders.fill(template, known)
    return link if link.startswith(("https://", "http://")) else None


def _settings(profile: Profile | None, source: Source) -> dict[str, str]:
    """The source's settings as texts, the profile's defaults where it says nothing."""
    found = {} if profile is None else {key: one.default for key, one in profile.settings.items() if one.default}
    for key, value in source.settings.items():
        try:
            found[key] = value.reveal() if isinstance(value, Secret) else str(value)
        except ConfigError:  # an unset variable costs the link, not the page
            continue
    return found


@lru_cache(maxsize=32)
def _profile(name_or_path: str) -> Profile | None:
    try:
        return load_profile(name_or_path)
    except ConfigError:
        return None
