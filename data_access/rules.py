"""Data-quality rules: what rules.toml says, read strictly."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, TypeAdapter, ValidationError, model_validator

from data_access.errors import ConfigError

WEIGHTS = {"low": 1, "medium": 2, "high": 4, "gate": 8}
KEYS = {  # table -> the column that names a row, where it is not <table>_id
    "core.sales_order_line": "line_id",
    "core.purchase_order_line": "line_id",
    "core.opportunity_line": "line_id",
    "core.stock_move": "move_id",
    "core.shipment": "move_id",
    "core.production_order": "production_id",
    "core.bom_line": "product_id",
    "core.stock_on_hand": "product_id",
    "core.opportunity_stage_history": "opportunity_id",
    "core.exchange_rate": "currency",
}
Severity = Literal["low", "medium", "high", "gate"]
Table = Annotated[str, Field(pattern=r"^[a-z_]+\.[a-z_]\w*$")]
Column = Annotated[str, Field(min_length=1)]
Limit = int | float | str | None


def _columns(value: object) -> object:
    return (value,) if isinstance(value, str) else tuple(value) if isinstance(value, list) else value


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, populate_by_name=True)


class _Rule(_Strict):
    """What every rule has. `min_pass`: the share of rows that has to pass; `where`: the rows looked at."""

    name: str
    title: str = Field(min_length=1)
    title_zh: str | None = None
    severity: Severity = "medium"
    owner: str | None = None
    min_pass: float = Field(default=1.0, gt=0, le=1)
    where: str | None = Field(default=None, min_length=1)


class _OfTable(_Rule):
    table: Table
    id: str | None = Field(default=None, min_length=1)

    @property
    def key(self) -> str:
        """The expression that names a failing row."""
        return self.id or KEYS.get(self.table, f"{self.table.partition('.')[2]}_id")


class NotNull(_OfTable):
    kind: Literal["not_null"]
    column: Column


class Unique(_OfTable):
    kind: Literal["unique"]
    column: Annotated[tuple[str, ...], BeforeValidator(_columns), Field(min_length=1)]


class Reference(_OfTable):
    kind: Literal["reference"]
    column: Column
    to: str = Field(pattern=r"^[a-z_]+\.[a-z_]\w*\.[a-z_]\w*$")


class Range(_OfTable):
    """`min` and `max` are numbers or SQL over the row; both are allowed values."""

    kind: Literal["range"]
    column: Column
    min: Limit = None
    max: Limit = None

    @model_validator(mode="after")
    def _limited(self) -> Range:
        if self.min is None and self.max is None:
            raise ValueError("gives neither min nor max; give at least one")
        return self


class Regex(_OfTable):
    kind: Literal["regex"]
    column: Column
    pattern: str = Field(min_length=1)


class Side(_Strict):
    """One system's view: SELECT key, value FROM from WHERE where, grouped by all that is no aggregate."""

    from_: str = Field(alias="from", min_length=1)
    key: str = Field(min_length=1)
    value: str = Field(min_length=1)
    where: str | None = Field(default=None, min_length=1)


class CrossSystem(_Rule):
    """Both sides know the key and a value: the values agree, numbers within `tolerance`."""

    kind: Literal["cross_system"]
    left: Side
    right: Side
    tolerance: int | float = Field(default=0, ge=0)


class Freshness(_OfTable):
    """The newest date of each `per` (of the table, without it) is no older than `within_days`."""

    kind: Literal["freshness"]
    column: Column
    within_days: int = Field(ge=0, le=3650)
    per: str | None = Field(default=None, min_length=1)


class Volume(_OfTable):
    """Rows a day against the same weekday of the half year before."""

    kind: Literal["volume"]
    column: Column


class SqlFile(_Rule):
    """A file whose SELECT gives the failing rows; `table` are the rows checked, where they can be counted."""

    kind: Literal["sql"]
    file: str = Field(min_length=1)
    table: Table | None = None
    text: str = ""


Rule = Annotated[
    NotNull | Unique | Reference | Range | Regex | CrossSystem | Freshness | Volume | SqlFile,
    Field(discriminator="kind"),
]
AnyRule = NotNull | Unique | Reference | Range | Regex | CrossSystem | Freshness | Volume | SqlFile
_ADAPTER: TypeAdapter[AnyRule] = TypeAdapter(Rule)


def load_rules(path: Path) -> dict[str, AnyRule]:
    """Name -> rule; ConfigError names file, rule, key and remedy."""
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read ({error.strerror})", "correct [quality] rules") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path.name}: not valid TOML: {error}", "correct that line") from error
    return {name: _rule(name, fields, path) for name, fields in data.items()}


def _rule(name: str, fields: object, path: Path) -> AnyRule:
    if not isinstance(fields, dict):
        raise ConfigError(f"{path.name}: {name}: not a rule", f"write [{name}] and its keys below")
    for key in ("name", "text"):
        if key in fields:
            raise ConfigError(f"{path.name}: {name}.{key}: unknown key", "remove it")
    given: dict[str, Any] = {**fields, "name": name}
    if given.get("kind") == "sql" and isinstance(given.get("file"), str):
        given["text"] = _file(path, name, given["file"])
    try:
        return _ADAPTER.validate_python(given)
    except ValidationError as error:
        raise _explain(error, name, path) from error


def _file(path: Path, name: str, file: str) -> str:
    try:
        return (path.parent / file).read_text(encoding="utf-8").strip().rstrip(";")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path.name}: {name}.file: {file} cannot be read", "name a file beside the rules") from error


def _explain(error: ValidationError, name: str, path: Path) -> ConfigError:
    found = sorted(error.errors(), key=lambda item: item["type"] != "extra_forbidden")
    first, more = found[0], f" (and {len(found) - 1} more)" if len(found) > 1 else ""
    place = [str(part) for part in first["loc"] if part not in _KINDS]
    key = ".".join((name, *place))
    if first["type"] == "extra_forbidden":
        return ConfigError(f"{path.name}: {key}: unknown key{more}", "remove it; README lists the keys of each kind")
    if first["type"] == "missing":
        return ConfigError(f"{path.name}: {key}: missing{more}", f"add {place[-1]} = ...")
    if first["type"].startswith("union_tag"):
        return ConfigError(f"{path.name}: {name}.kind: missing or unknown", f"use one of: {', '.join(_KINDS)}")
    message, _, hint = first["msg"].removeprefix("Value error, ").partition("; ")
    return ConfigError(f"{path.name}: {key}: {message}{more}", hint or "correct the value; the shipped rules show how")


_KINDS = ("not_null", "unique", "reference", "range", "regex", "cross_system", "freshness", "volume", "sql")


def owner_of(rule: AnyRule, owners: Mapping[str, str]) -> str:
    """Who looks after it: named for the rule, else by the rule, else for its table, else the default."""
    table = str(getattr(rule, "table", None) or "").partition(".")[2]
    return owners.get(rule.name) or rule.owner or owners.get(table) or owners.get("default") or ""
