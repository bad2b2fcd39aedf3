"""A system's profile: its tables mapped to the canonical entities, read strictly."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from data_access.config_values import NewColumn
from data_access.connectors.files.form import CellForm, FileForm
from data_access.connectors.profile_checks import check_block, check_files, check_reconcile, check_rest
from data_access.connectors.rest.spec import Override, Rest
from data_access.errors import ConfigError
from data_access.suggest import suggest as suggest
from data_access.timing import parse_duration

PROFILES = Path(__file__).parent / "profiles"
ENTITIES = Path(__file__).parents[1] / "models" / "entities.toml"

_TYPE = re.compile(r"^(text|integer|double|boolean|date|timestamp|json|decimal\((\d{1,2}),(\d{1,2})\))$")
_DUCKDB = {
    "text": "VARCHAR", "integer": "BIGINT", "double": "DOUBLE", "boolean": "BOOLEAN",
    "date": "DATE", "timestamp": "TIMESTAMPTZ", "json": "JSON",
}  # fmt: skip


def _canonical(value: str) -> str:
    text = value.replace(" ", "")
    match = _TYPE.match(text)
    if match is None:
        raise ValueError(
            f'"{value}" is not a type; use text, integer, decimal(p,s), double, boolean, date, timestamp or json'
        )
    if match.group(2) and not (1 <= int(match.group(2)) <= 38 and int(match.group(3)) <= int(match.group(2))):
        raise ValueError(f'"{value}" is out of range; decimal(p,s) needs p <= 38 and s <= p')
    return text


def _column(value: object) -> object:
    return {"type": value} if isinstance(value, str) else value


def _field(value: object) -> object:
    return {"from": value} if isinstance(value, str) else value


def _blocks(value: object) -> object:
    return tuple(value) if isinstance(value, list) else (value,)


def _seconds(value: object) -> float:
    if isinstance(value, str):
        return parse_duration(value)
    raise ValueError('write a text with a unit like "10m"')


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, populate_by_name=True)


class Column(CellForm):
    """One landed column: canonical type, and what it comes from (default: its name): an expression in the source's
    dialect, the header of a file's column, or the path of a value in a REST interface's rows."""

    type: Annotated[str, AfterValidator(_canonical)]
    expression: str | None = Field(default=None, alias="from", min_length=1)

    @property
    def duckdb_type(self) -> str:
        return _DUCKDB.get(self.type, self.type.upper())


class Reconcile(_Strict):
    """How a stream is compared with its source: by the column with the business day, and a column to sum."""

    day: str
    sum: str | None = None


class Stream(_Strict):
    """One table or query of the source, read by change cursor or whole (and whole again each `full_every`). Of files
    `table` is a pattern of their names; of a REST interface the object's name, and `request` what is asked differently
    for it; an `optional` object that the system does not have has no rows. on_new_column: what a change of its columns
    in the source means: evolve notes it, freeze stops the stream until it is agreed to, discard ignores it."""

    table: str | None = None
    query: str | None = None
    key: Annotated[tuple[str, ...], Field(min_length=1, strict=False)]
    cursor: str | None = Field(default=None, min_length=1)
    where: str | None = Field(default=None, min_length=1)
    soft_delete: str | None = Field(default=None, min_length=1)
    deletes: Literal["sweep", "none"] = "sweep"
    sweep_every: Annotated[float | None, BeforeValidator(_seconds)] = None
    overlap: Annotated[float, BeforeValidator(_seconds)] = 600.0
    full_every: Annotated[float | None, BeforeValidator(_seconds)] = None
    request: Override | None = None
    optional: bool = False
    on_new_column: NewColumn = "evolve"
    reconcile: Reconcile | None = None
    columns: dict[str, Annotated[Column, BeforeValidator(_column)]] = Field(min_length=1)
    files: FileForm | None = None

    def digits(self, column: str) -> int:
        """Digits after the point that sums of the column are compared with."""
        kind = self.columns[column].type
        return min(int(kind[:-1].partition(",")[2]), 6) if kind.startswith("decimal") else 0 if kind == "integer" else 4


class FieldMap(_Strict):
    """A staging column: DuckDB expression over the block's streams, then optionally a value map."""

    expression: str = Field(alias="from", min_length=1)
    map: str | None = None


class EntityBlock(_Strict):
    """One SELECT that feeds a canonical entity."""

    from_: str = Field(alias="from", min_length=1)
    where: str | None = Field(default=None, min_length=1)
    fields: dict[str, Annotated[FieldMap, BeforeValidator(_field)]] = Field(min_length=1)


class Setting(_Strict):
    """An extra key the system needs in [[source]]."""

    required: bool = False
    default: str | None = None
    doc: str = ""


class Hook(_Strict):
    """How the system signs the changes it pushes."""

    scheme: Literal["hmac", "jiandaoyun"] = "hmac"


Blocks = Annotated[tuple[EntityBlock, ...], BeforeValidator(_blocks), Field(strict=False)]


class Profile(_Strict):
    """A whole profile; `file` is the file it came from, for messages. Without `role` it serves either."""

    system: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    title: str
    role: Literal["erp", "crm"] | None = None
    kind: Literal["sql", "rest", "files"]
    record_url: Annotated[dict[str, str], BeforeValidator(lambda v: {} if v == "" else v)] = Field(default_factory=dict)
    session: Annotated[tuple[str, ...], Field(strict=False)] = ()
    settings: dict[str, Setting] = Field(default_factory=dict)
    rest: Rest | None = None
    hook: Hook = Hook()
    stream: dict[str, Stream] = Field(min_length=1)
    entity: dict[str, Blocks] = Field(default_factory=dict)
    map: dict[str, dict[str, str]] = Field(default_factory=dict)
    files: FileForm | None = None
    file: Path = Field(exclude=True)


@cache
def canonical_entities() -> Mapping[str, Mapping[str, str]]:
    """Entity -> column -> DuckDB type as in entities.toml (a trailing "!" = must not be NULL)."""
    with open(ENTITIES, "rb") as file:
        return dict(tomllib.load(file))


def load_profile(name_or_path: str) -> Profile:
    """A shipped profile by system name, or a file ending in .toml; ConfigError names file, key and remedy."""
    path = Path(name_or_path) if name_or_path.endswith(".toml") else PROFILES / f"{name_or_path}.toml"
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        shipped = sorted(file.stem for file in PROFILES.glob("*.toml"))
        raise ConfigError(
            f'profile "{name_or_path}" does not exist', f"{suggest(path.stem, shipped)} or give a path ending in .toml"
        ) from error
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read ({error.strerror})", "check the path and its permissions") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path.name}: not valid TOML: {error}", "correct that line") from error
    if "file" in data:
        raise ConfigError(f"{path.name}: file: unknown key", "remove it")
    try:
        profile = Profile.model_validate({**data, "file": path})
    except ValidationError as error:
        raise _explain(error, path) from error
    _check(profile)
    return with_file_forms(profile) if profile.kind == "files" else profile


def _check(profile: Profile) -> None:
    """What holds between the parts: keys are columns, entities and fields are canonical, maps exist."""
    name = profile.file.name
    if (profile.kind == "rest") != (profile.rest is not None):
        remedy = "add a [rest] table" if profile.rest is None else "remove it"
        raise ConfigError(f'{name}: rest: goes with kind = "rest", and only with it', remedy)
    for stream, spec in profile.stream.items():
        where = f"{name}: stream.{stream}"
        if not re.fullmatch(r"[a-z][a-z0-9_]*", stream):
            raise ConfigError(f"{where}: not a usable name", "use lower-case words joined by _")
        if profile.kind == "rest":
            check_rest(where, spec)
        elif spec.request is not None or spec.optional:
            raise ConfigError(f"{where}: request and optional are for REST interfaces", "remove them")
        elif (spec.table is None) == (spec.query is None):
            raise ConfigError(
                f"{where}: needs exactly one of table and query", 'write table = "..." or query = "SELECT ..."'
            )
        for key in spec.key:
            if key not in spec.columns:
                raise ConfigError(f"{where}.key: {key} is not among its columns", suggest(key, spec.columns))
        for column in spec.columns:
            if column.startswith("_"):
                raise ConfigError(
                    f"{where}.columns.{column}: names with a leading _ are the engine's", "rename it (use from)"
                )
        check_files(where, profile.kind, spec)
        check_reconcile(where, spec)
    if profile.files is not None and profile.kind != "files":
        raise ConfigError(f'{name}: files: goes with kind = "files" only', "remove it")
    for entity, blocks in profile.entity.items():
        known = canonical_entities().get(entity)
        if known is None:
            raise ConfigError(f"{name}: entity.{entity}: not a canonical entity", suggest(entity, canonical_entities()))
        for block in blocks:
            check_block(f"{name}: entity.{entity}", block, known, profile.map)


def with_file_forms(profile: Profile) -> Profile:
    """The profile with each stream's whole form in it: its own over the profile's."""
    base = profile.files or FileForm()
    streams = {
        name: spec.model_copy(update={"files": spec.files.over(base) if spec.files else base})
        for name, spec in profile.stream.items()
    }
    return profile.model_copy(update={"stream": streams})


def _explain(error: ValidationError, path: Path) -> ConfigError:
    found: list[Any] = sorted(error.errors(), key=lambda item: item["type"] != "extra_forbidden")
    first, more = found[0], f" (and {len(found) - 1} more)" if len(found) > 1 else ""
    key = ".".join(str(part) for part in first["loc"])
    if first["type"] == "extra_forbidden":
        return ConfigError(
            f"{path.name}: {key}: unknown key{more}",
            f"remove it; {suggest(str(first['loc'][-1]), _keys(first['loc']))}",
        )
    if first["type"] == "missing":
        return ConfigError(f"{path.name}: {key}: missing{more}", f"add {first['loc'][-1]} = ...")
    message, _, hint = first["msg"].removeprefix("Value error, ").partition("; ")
    return ConfigError(
        f"{path.name}: {key}: {message}{more}", hint or "correct the value; the shipped profiles are examples"
    )


def _keys(loc: tuple[object, ...]) -> list[str]:
    models: dict[str, type[BaseModel]] = {"stream": Stream, "entity": EntityBlock, "settings": Setting}
    model = Column if "columns" in loc else models.get(str(loc[0]), Profile) if len(loc) > 2 else Profile
    return [field.alias or name for name, field in model.model_fields.items() if name != "file"]
