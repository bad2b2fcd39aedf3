"""Placeholders of requests, and paths into answers."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote

from data_access.connectors.placeholders import PLACEHOLDER, names
from data_access.connectors.profile import Profile, suggest
from data_access.errors import ConfigError

# The placeholders that reading itself fills.
OWN_NAMES = {"table", "fields", "filter", "conditions", "cursor", "key", "since", "until", "keys", "value"} | {
    "after", "after_cursor", "offset", "page", "size",
}  # fmt: skip
STANDARD_SETTINGS = ("ca_bundle", "allow_hosts")


def fill(template: Any, known: Mapping[str, Any]) -> Any:
    """The template with its {names} replaced. A text that is one placeholder becomes its value, of any type; a text
    with a name that has no value is None, and a table's entry without a value is left out."""
    if isinstance(template, str):
        whole = PLACEHOLDER.fullmatch(template)
        if whole:
            return known.get(whole[1])
        if any(known.get(name) is None for name in names(template)):
            return None
        return PLACEHOLDER.sub(lambda found: as_text(known[found[1]]), template)
    if isinstance(template, Mapping):
        filled = ((name, fill(value, known)) for name, value in template.items())
        return {name: value for name, value in filled if value is not None}
    if isinstance(template, list | tuple):
        return [fill(value, known) for value in template]
    return template


def fill_path(template: str, known: Mapping[str, Any]) -> str:
    """A path whose values are escaped as its segments."""
    return PLACEHOLDER.sub(lambda found: quote(as_text(known.get(found[1], "")), safe=""), template)


def as_text(value: Any) -> str:
    """A value as a query or path carries it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict | list | tuple):
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return str(value)


def look(value: Any, path: str) -> Any:
    """What is at the path (`partner_id.0`, `creator.name`), "" is the value itself; None where there is nothing."""
    if isinstance(value, Mapping) and path in value:
        return value[path]
    for step in path.split(".") if path else ():
        if isinstance(value, Mapping):
            value = value.get(step)
        elif isinstance(value, list) and step.isdigit() and int(step) < len(value):
            value = value[int(step)]
        else:
            return None
    return value


def names_in(template: Any) -> Iterator[str]:
    """Every placeholder anywhere in a template."""
    if isinstance(template, str):
        yield from names(template)
    elif isinstance(template, Mapping):
        for value in template.values():
            yield from names_in(value)
    elif isinstance(template, list | tuple):
        for value in template:
            yield from names_in(value)


def rest_settings(profile: Profile, given: Mapping[str, object]) -> dict[str, Any]:
    """The source's settings with the profile's defaults; ConfigError names one that is unknown or missing."""
    for name in given:
        if name not in profile.settings and name not in STANDARD_SETTINGS:
            known = [*profile.settings, *STANDARD_SETTINGS]
            raise ConfigError(f"{name}: the profile {profile.file.name} knows no such setting", suggest(name, known))
    values: dict[str, Any] = dict(given)
    for name, spec in profile.settings.items():
        if name not in values and spec.default is not None:
            values[name] = spec.default
        if spec.required and not values.get(name):
            need = f"{name}: missing; the profile {profile.file.name} needs it ({spec.doc})"
            raise ConfigError(need, f'add {name} = "..." to the [[source]]')
    return values


def check_names(profile: Profile) -> None:
    """ConfigError for a placeholder that nothing fills."""
    params = {name for spec in profile.stream.values() if spec.request for name in spec.request.params}
    located = {"app_id", "entry_id"} if profile.rest and profile.rest.lookup else set()
    known = {*profile.settings, *params, *located, *OWN_NAMES}
    places = [("rest", profile.rest.model_dump() if profile.rest else {})]
    places += [(f"stream.{name}", spec.model_dump()) for name, spec in profile.stream.items()]
    for place, template in places:
        for name in names_in(template):
            if name not in known:
                raise ConfigError(f"{profile.file.name}: {place}: nothing fills {{{name}}}", suggest(name, known))
