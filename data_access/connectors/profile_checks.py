"""What must hold within one stream or block of a profile beyond its form; ConfigError names the place and a remedy."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from data_access.connectors.files.form import CellForm
from data_access.errors import ConfigError
from data_access.suggest import suggest

if TYPE_CHECKING:
    from data_access.connectors.profile import EntityBlock, Stream


def check_rest(where: str, spec: Stream) -> None:
    for key, other in (("query", "request"), ("where", "request.filter")):
        if getattr(spec, key) is not None:
            raise ConfigError(f"{where}.{key}: is SQL, which a REST interface does not read", f"write {other} instead")


def check_files(where: str, kind: str, spec: Stream) -> None:
    """What only files have stands in profiles of files only, and what they cannot answer does not."""
    if kind != "files":
        own = [name for name, column in spec.columns.items() if column.model_fields_set & CellForm.model_fields.keys()]
        if spec.files is not None or own:
            at = f"columns.{own[0]}" if own else "files"
            raise ConfigError(f"{where}.{at}: says how files are written", f'but kind is "{kind}"; remove it')
        return
    for key in ("query", "cursor", "where"):
        if getattr(spec, key) is not None:
            raise ConfigError(f"{where}.{key}: files have none", "write table, and conditions in the entity's where")
    if Path(spec.table or "").is_absolute() or ".." in Path(spec.table or "").parts:
        raise ConfigError(f"{where}.table: leads out of the folder", 'write a pattern below it, like "orders*.csv"')


def check_reconcile(where: str, spec: Stream) -> None:
    wanted = spec.reconcile
    kinds = {"day": ("date", "timestamp"), "sum": ("decimal", "integer", "double")}
    for role, allowed in kinds.items() if wanted is not None else ():
        name = getattr(wanted, role)
        if name is None:
            continue
        if name not in spec.columns:
            raise ConfigError(f"{where}.reconcile.{role}: {name} is not among its columns", suggest(name, spec.columns))
        if not spec.columns[name].type.startswith(allowed):
            raise ConfigError(
                f"{where}.reconcile.{role}: {name} is {spec.columns[name].type}", f"name a column of {allowed[0]}"
            )


def check_block(where: str, block: EntityBlock, known: Mapping[str, str], maps: Mapping[str, object]) -> None:
    for field, spec in block.fields.items():
        if field not in known:
            raise ConfigError(f"{where}.fields.{field}: not a column of it", suggest(field, known))
        if spec.map is not None and spec.map not in maps:
            raise ConfigError(f"{where}.fields.{field}: map {spec.map} does not exist", suggest(spec.map, maps))
    for column, kind in known.items():
        if kind.endswith("!") and column not in block.fields:
            raise ConfigError(f"{where}.fields.{column}: missing", f"every row needs it; add {column} = ...")
