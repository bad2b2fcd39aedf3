"""tandem.toml, read strictly: every mistake is one line that names file, key and remedy."""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, Field, ValidationError, model_validator

from data_access.config_alerts import Alerts
from data_access.config_rules import Planning as Planning
from data_access.config_rules import Quality as Quality
from data_access.config_values import CronLine, FilePath, Months, NewColumn, Schedule, Seconds, TimeZone
from data_access.config_values import Strict as _Strict
from data_access.errors import ConfigError
from data_access.secrets import Secret, literal_secret

DEMO_FOLDER = Path("var/demo")


class Company(_Strict):
    """Whose figures these are. `targets` is absolute once loaded; `baseline` the first days of two months."""

    name: str = Field(min_length=1)
    currency: str = Field(pattern=r"^[A-Z]{3}$")
    timezone: TimeZone
    language: Literal["zh", "en"] = "en"
    fiscal_year_start: int = Field(default=1, ge=1, le=12)
    targets: FilePath | None = None
    baseline: Months | None = None


class Warehouse(_Strict):
    """Folder of the numbered versions (absolute once loaded)."""

    path: FilePath = Path("var/warehouse")


class Source(_Strict):
    """One source system. `every`, `fresh_within` and number values of `schedule` are seconds; other `schedule`
    values are cron lines. Where it is, as its profile's kind needs: `url` of a database, `base_url` of a REST interface
    or `folder` of files (absolute once loaded). `hook_secret` signs the changes it pushes. `settings` are the keys only
    its profile knows; texts in it and both addresses are `Secret`."""

    name: str = Field(pattern=r"^[a-z][a-z0-9_]{0,30}$")
    role: Literal["erp", "crm"]
    system: str | None = Field(default=None, pattern=r"^[a-z][a-z0-9_]*$")
    profile: str | None = None
    url: Secret | None = None
    base_url: Secret | None = None
    folder: FilePath | None = None
    hook_secret: Secret | None = None
    every: Seconds | None = None
    cron: CronLine | None = None
    schedule: dict[str, Schedule] = Field(default_factory=dict)
    on_new_column: NewColumn | dict[str, NewColumn] | None = None
    fresh_within: Seconds = Field(default=300.0)
    settings: dict[str, Any] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _one_of_each(self) -> Source:
        if (self.system is None) == (self.profile is None):
            raise ValueError(
                'give exactly one of system and profile; like system = "tryton" (shipped) or profile = "my.toml"'
            )
        if self.every is not None and self.cron is not None:
            raise ValueError("give either every or cron, not both")
        return self

    @property
    def interval(self) -> float | str:
        """Seconds between runs, or a cron line; 60 s unless configured."""
        return self.cron if self.cron is not None else (self.every if self.every is not None else 60.0)

    def policy_of(self, entity: str, profile: str) -> str:
        """What a change of the source's columns means for the entity; `profile` is what its profile says."""
        chosen = self.on_new_column
        return chosen.get(entity, profile) if isinstance(chosen, dict) else chosen or profile


class Server(_Strict):
    host: str = "127.0.0.1"
    port: int = Field(default=8050, ge=1, le=65535)
    public_url: str | None = Field(default=None, pattern=r"^https?://[^/\s]+/?$")
    metrics_token: Secret | None = None


class Auth(_Strict):
    mode: Literal["open"] = "open"


class Config(_Strict):
    """The whole configuration; `path` is the file it was read from."""

    company: Company
    warehouse: Warehouse = Warehouse()
    planning: Planning = Planning()
    quality: Quality = Quality()
    source: tuple[Source, ...] = Field(default=(), strict=False)
    server: Server = Server()
    auth: Auth = Auth()
    alerts: Alerts = Alerts()
    path: Path = Field(exclude=True)

    @model_validator(mode="after")
    def _unique_names(self) -> Config:
        if not self.source:
            raise ValueError("no source is configured; add a [[source]] block")
        names = [source.name for source in self.source]
        for name in names:
            if names.count(name) > 1:
                raise ValueError(f'two [[source]] blocks are named "{name}"; give each its own name')
        return self

    @property
    def sources(self) -> tuple[Source, ...]:
        return self.source

    @property
    def folder(self) -> Path:
        return self.path.parent

    @property
    def state_path(self) -> Path:
        return self.warehouse.path.parent / "state.db"

    @property
    def is_demo(self) -> bool:
        """Whether a demo company stands beside this file (time may be made to pass in it)."""
        return any(self.folder.glob("truth.*"))

    def find_source(self, name: str) -> Source:
        for source in self.source:
            if source.name == name:
                return source
        raise ConfigError(
            f'{self.path.name}: no source is named "{name}"', _suggest(name, [s.name for s in self.source])
        )

    def check_secrets(self) -> None:
        """ConfigError for the first secret that is missing."""
        found: list[object] = [self.server.metrics_token, self.alerts.webhook]
        for source in self.source:
            found += [source.url, source.base_url, source.hook_secret, *source.settings.values()]
        for value in found:
            if isinstance(value, Secret):
                value.reveal()


def default_path(given: str | None) -> Path:
    """--config, else ./tandem.toml, else the demo's (which may not exist yet)."""
    if given is not None:
        return Path(given).resolve()
    here = Path("tandem.toml").resolve()
    return here if here.exists() else (DEMO_FOLDER / "tandem.toml").resolve()


def load_config(path: Path) -> Config:
    """Read and validate; ConfigError in one line. Secrets stay unresolved (see `Config.check_secrets`)."""
    try:
        with open(path, "rb") as file:
            data = tomllib.load(file)
    except OSError as error:
        raise ConfigError(
            f"{path}: cannot be read ({error.strerror})", "check --config, or run without it for the demo"
        ) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path.name}: not valid TOML: {error}", "correct that line") from error
    return parse_config(data, path)


def parse_config(data: dict[str, Any], path: Path) -> Config:
    """Validate a document as if read from `path`; relative paths resolve against its folder."""
    folder = path.resolve().parent
    prepared = {**data, "path": path.resolve()}
    if "path" in data:
        raise _unknown(path, "path", _known(Config))
    if isinstance(data.get("source"), list):
        prepared["source"] = [_prepare_source(item, i, folder, path) for i, item in enumerate(data["source"])]
    for table, key in (("server", "metrics_token"), ("alerts", "webhook")):
        if isinstance(data.get(table), dict) and isinstance(data[table].get(key), str):
            prepared[table] = {**data[table], key: _secret(data[table][key], folder, path, f"{table}.{key}")}
    try:
        config = Config.model_validate(prepared)
    except ValidationError as error:
        raise _explain(error, path, data) from error
    company, planning, warehouse, quality = config.company, config.planning, config.warehouse, config.quality
    if company.targets is not None:
        company = company.model_copy(update={"targets": (folder / company.targets).resolve()})
    if planning.items is not None:
        planning = planning.model_copy(update={"items": (folder / planning.items).resolve()})
    if quality.rules is not None:
        quality = quality.model_copy(update={"rules": (folder / quality.rules).resolve()})
    warehouse = warehouse.model_copy(update={"path": (folder / warehouse.path).resolve()})
    made = {"company": company, "planning": planning, "warehouse": warehouse, "quality": quality}
    return config.model_copy(update=made)


def _prepare_source(item: object, index: int, folder: Path, path: Path) -> object:
    """Splits a [[source]] table into known keys and the profile's own settings."""
    if not isinstance(item, dict):
        return item
    known = _known(Source)
    where = f"source.{item['name']}" if isinstance(item.get("name"), str) else f"source[{index}]"
    prepared: dict[str, Any] = {"settings": {}}
    for key, value in item.items():
        if key not in known and difflib.get_close_matches(key, known, 1, 0.8):
            raise _unknown(path, f"{where}.{key}", known)
        if isinstance(value, str) and (key in ("url", "base_url", "hook_secret") or key not in known):
            value = _secret(value, folder, path, f"{where}.{key}")
        if key == "folder" and isinstance(value, str):
            prepared[key] = (folder / value).resolve()
        elif key in known:
            prepared[key] = value
        else:
            prepared["settings"][key] = value
    return prepared


def _secret(value: str, folder: Path, path: Path, where: str) -> Secret:
    """The value to be resolved late; ConfigError when the secret itself stands in the file (the address of a chat
    group's robot is one)."""
    key = where.rpartition(".")[2]
    if literal_secret(key, value) or (key == "webhook" and "${" not in value and not value.startswith("file:")):
        raise ConfigError(
            f"{path.name}: {where}: a secret stands in the file", "write ${ENV_NAME} or file:/path instead"
        )
    return Secret(value, folder, f"{path.name}: {where}")


def _known(model: type[BaseModel]) -> list[str]:
    return [name for name in model.model_fields if name not in ("settings", "path") or model is Warehouse]


def _suggest(word: str, known: Iterable[str]) -> str:
    names = list(known)
    near = difflib.get_close_matches(word, names, 1, 0.6)
    return f'did you mean "{near[0]}"?' if near else f"known: {', '.join(names)}"


def _unknown(path: Path, key: str, known: list[str]) -> ConfigError:
    return ConfigError(f"{path.name}: {key}: unknown key", _suggest(key.rpartition(".")[2], known))


_MODELS: dict[str, type[BaseModel]] = {
    "company": Company,
    "warehouse": Warehouse,
    "planning": Planning,
    "quality": Quality,
    "source": Source,
    "server": Server,
    "auth": Auth,
    "alerts": Alerts,
}


_PATTERNS = {
    "currency": 'must be an ISO 4217 code in capitals; write currency = "EUR"',
    "public_url": 'must be scheme and host only; write public_url = "http://board.example:8050"',
    "name": 'must be lower-case letters, digits and _, beginning with a letter; like "erp"',
    "system": 'must be the name of a shipped profile; like "tryton", or use profile = "my_erp.toml"',
}


def _explain(error: ValidationError, path: Path, data: dict[str, Any]) -> ConfigError:
    """The first mistake in words (unknown keys before the others), and how many more there are."""
    found = sorted(error.errors(), key=lambda item: item["type"] != "extra_forbidden")
    first, more = found[0], f" (and {len(found) - 1} more)" if len(found) > 1 else ""
    place = first["loc"]
    parts = [str(part) for part in place]
    if parts[:1] == ["source"] and len(parts) > 1:
        named = data["source"][int(parts[1])] if parts[1].isdigit() else None
        parts[1] = named["name"] if isinstance(named, dict) and isinstance(named.get("name"), str) else parts[1]
    key = ".".join(parts)
    model: type[BaseModel] = Config if len(place) < 2 else _MODELS.get(str(place[0]), Config)
    if first["type"] == "extra_forbidden":
        problem = _unknown(path, key, _known(model))
        return ConfigError(problem.message + more, problem.hint)
    if first["type"] == "missing":
        return ConfigError(f"{path.name}: {key}: missing{more}", f"add {place[-1]} = ... to the file")
    text = first["msg"].removeprefix("Value error, ")
    if first["type"] == "string_pattern_mismatch":
        text = _PATTERNS.get(str(place[-1]), text)
    message, _, hint = text.partition("; ")
    prefix = f"{path.name}: {key}: " if key else f"{path.name}: "
    return ConfigError(f"{prefix}{message}{more}", hint or "correct the value; README lists every key")
