"""Whether the body of a callback request is one this application's own pages could have sent."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

MAX_TEXT = 4096
ROUTER = "_pages_location"


class Malformed(Exception):
    """The body is not a callback request of this application."""


def check_body(body: object, callback_map: Mapping[str, Any]) -> Mapping[str, Any]:
    """The body itself; Malformed when output, inputs, state or triggers are not those of a registered callback."""
    if not isinstance(body, dict) or not isinstance(body.get("output"), str):
        raise Malformed("no output")
    registered = callback_map.get(body["output"])
    if registered is None or "callback" not in registered:
        raise Malformed("no such callback")
    _check_group(body.get("inputs", []), registered["inputs"])
    _check_group(body.get("state", []), registered["state"])
    _check_outputs(body["output"], body.get("outputs"))
    changed = body.get("changedPropIds", [])
    if not isinstance(changed, list) or not all(isinstance(item, str) for item in changed):
        raise Malformed("changedPropIds")
    fixed = {f"{spec['id']}.{spec['property']}" for spec in registered["inputs"]}
    if not any(_wildcard(spec["id"]) for spec in registered["inputs"]) and not set(changed) <= fixed:
        raise Malformed("changedPropIds")
    if is_routing(registered):
        _check_location(body["inputs"])
    return body


def is_routing(registered: Mapping[str, Any]) -> bool:
    """Whether this is Dash's own callback that puts a page on the screen."""
    return any(spec["id"] == ROUTER for spec in registered["inputs"])


def routed_path(body: Mapping[str, Any]) -> str:
    """The page a (checked) routing request asks for."""
    return next(str(item["value"]) for item in body["inputs"] if item["property"] == "pathname")


def _check_group(given: object, specs: list[dict[str, Any]]) -> None:
    if not isinstance(given, list) or len(given) != len(specs):
        raise Malformed("wrong number of inputs or states")
    for item, spec in zip(given, specs, strict=True):
        if _wildcard(spec["id"]):
            _check_wildcard(item, spec)
        elif not isinstance(item, dict) or item.get("id") != spec["id"] or item.get("property") != spec["property"]:
            raise Malformed(f"expected {spec['id']}.{spec['property']}")


def _check_wildcard(item: object, spec: dict[str, Any]) -> None:
    keys = set(json.loads(spec["id"]))
    for one in item if isinstance(item, list) else [item]:
        if not isinstance(one, dict) or one.get("property") != spec["property"]:
            raise Malformed("pattern-matching property")
        given = one.get("id")
        if not isinstance(given, dict) or set(given) != keys:
            raise Malformed("pattern-matching id")


def _check_outputs(output: str, outputs: object) -> None:
    if "{" in output:
        return
    parts = output[2:-2].split("...") if output.startswith("..") else [output]
    given = outputs if isinstance(outputs, list) else [outputs]
    if outputs is None:
        return
    if len(given) != len(parts) or isinstance(outputs, list) != output.startswith(".."):
        raise Malformed("outputs")
    for item, part in zip(given, parts, strict=True):
        name, _, prop = part.rpartition(".")
        if not isinstance(item, dict) or item.get("id") != name:
            raise Malformed("outputs")
        if str(item.get("property")).partition("@")[0] != prop.partition("@")[0]:
            raise Malformed("outputs")


def _check_location(inputs: list[dict[str, Any]]) -> None:
    for item in inputs:
        value = item.get("value")
        if item["property"] == "pathname" and not (isinstance(value, str) and value.startswith("/")):
            raise Malformed("pathname")
        if item["property"] == "search" and not (value is None or isinstance(value, str)):
            raise Malformed("search")
        if isinstance(value, str) and len(value) > MAX_TEXT:
            raise Malformed("address too long")


def _wildcard(component_id: object) -> bool:
    return isinstance(component_id, str) and component_id.startswith("{")
