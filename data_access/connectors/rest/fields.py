"""The live fields of an object, as the system tells them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from data_access.connectors.profile import suggest
from data_access.connectors.rest.spec import Fields
from data_access.connectors.rest.template import as_text, look
from data_access.errors import SourceError


def live_fields(spec: Fields, answer: Any) -> dict[str, str]:
    """Field -> type from the answer of rest.fields; empty where it tells nothing (a sample without rows)."""
    if isinstance(answer, Mapping):
        return {name: as_text(look(field, spec.type) or "") for name, field in answer.items()}
    rows = [row for row in answer or [] if isinstance(row, Mapping)]
    if spec.sample:
        return dict.fromkeys((name for row in rows for name in row), "")
    return {str(look(row, spec.name)): as_text(look(row, spec.type) or "") for row in rows}


def lacking(roots: Sequence[str], live: Mapping[str, str] | None) -> list[str]:
    """Those of the declared fields that the system does not have; none where it does not tell."""
    return [root for root in roots if root not in live] if live else []


def check_needed(needed: Sequence[str], live: Mapping[str, str] | None) -> None:
    """SourceError when a key or cursor field is not there: without them nothing can be read."""
    missing = lacking(needed, live)
    if missing:
        raise SourceError(f"there is no field {missing[0]}, which key or cursor need", suggest(missing[0], live or ()))
