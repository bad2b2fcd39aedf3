"""What, beside its own spec, decides the rows that a stream reads: settings of the source and the interface's form."""

from __future__ import annotations

import json
from collections.abc import Mapping

from data_access.connectors import placeholders
from data_access.connectors.profile import Profile
from data_access.secrets import may_hold_secret

_OF_ROWS = {"list", "get", "time", "false_is_null", "sparse"}  # the parts of [rest] that a row's values depend on


def read_by(profile: Profile, stream: str, given: Mapping[str, object]) -> str:
    """JSON of the settings that the stream's requests name, as given or by default (never a secret's), and of the parts
    of [rest] that say how rows are asked for and read; "" where there is neither."""
    spec = profile.stream[stream].model_dump_json(exclude_defaults=True)
    form = profile.rest.model_dump(mode="json", include=_OF_ROWS, exclude_defaults=True) if profile.rest else {}
    defaults = {name: setting.default for name, setting in profile.settings.items()}
    named = set(placeholders.names(" ".join((spec, json.dumps(form), *profile.session))))
    if profile.rest is not None and profile.rest.lookup is not None:
        named.add("app")
    known = {**defaults, **given}
    values = {name: str(known[name]) for name in sorted(named & known.keys()) if not may_hold_secret(name)}
    return json.dumps({**values, "[rest]": form} if form else values, sort_keys=True) if values or form else ""
