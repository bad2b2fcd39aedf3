"""One model or step at a time, each in its own transaction: whole, or only what changes of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import duckdb

from data_access.errors import TandemError
from data_access.sync import made, partition
from data_access.sync.changes import Change, Changes, apply, same_columns
from data_access.sync.db import transaction
from data_access.sync.lineage import Model
from data_access.sync.made import Made
from data_access.sync.partition import Standing
from data_access.sync.staging import Staging, mapping_error
from data_access.sync.steps import Step


@dataclass(frozen=True)
class Plan:
    """A model to be made. stands: whether its name is a table or a view so far; is_watched: models fall into parts by
    its rows."""

    model: Model
    fingerprint: str
    others: str
    stands: str | None
    is_watched: bool


def make(
    con: duckdb.DuckDBPyConnection, plan: Plan, staging: Staging, content: Mapping[str, str], changes: Changes
) -> Made:
    """TandemError when its SQL, or the profile behind what it reads, is wrong: nothing was changed then."""
    model, parts = plan.model, plan.model.partition
    try:
        with transaction(con):
            if plan.stands not in (None, model.kind):
                con.execute(f"DROP {plan.stands} {model.name}")
            known = partition.standing(con, model.name) if plan.stands == model.kind == "table" else None
            found = make_changed(con, plan, known, content, changes) if known else None
            if found is None:
                con.execute(f"CREATE OR REPLACE {model.kind.upper()} {model.name} AS {model.sql}")
                found = made.describe(con, model.name, model.kind, plan.fingerprint)
            if parts or plan.is_watched:
                inputs = {table: content[table] for table in parts.by} if parts else {}
                partition.remember(con, Standing(found, plan.others, inputs))
    except duckdb.Error as error:
        _blame_mapping(con, staging, model)
        text = str(error).strip().split("\n")[0]
        raise TandemError(f"model {model.name} fails: {text}", "the version before it stays published") from error
    return found


def is_whole(con: duckdb.DuckDBPyConnection, model: Model, others: str, changes: Changes) -> bool:
    """Whether a model that falls into parts is to be made whole, as far as can be told before."""
    parts = model.partition
    if parts is None:
        return False
    known = partition.standing(con, model.name)
    lost = (table for (table, _), staged in changes.staged.items() if staged.rows is None)
    return known is None or known.others != others or not parts.by.keys().isdisjoint(lost)


def make_changed(
    con: duckdb.DuckDBPyConnection, plan: Plan, known: Standing, content: Mapping[str, str], changes: Changes
) -> Made | None:
    """Writes only the rows of the model that change, and notes them. None where it has to be made whole."""
    model, parts = plan.model, plan.model.partition
    if parts is not None:
        touched = changes.touched(con, model.name, parts, known, content) if known.others == plan.others else None
        if touched is None:
            return None
        part = partition.narrowed(
            con, model.sql, parts, touched, lambda table, key: changes.rows_of(con, table, key, touched)
        )
        con.execute(f"CREATE OR REPLACE TEMP TABLE new_row AS {part}")
        gone, came = apply(con, model.name, parts.key.among(touched))
    else:
        con.execute(f"CREATE OR REPLACE TEMP TABLE new_row AS {model.sql}")
        if not same_columns(con, model.name):
            return None
        gone, came = apply(con, model.name)
    found = made.redescribe(con, known.made, plan.fingerprint, gone, came)
    changes.models[model.name] = Change(known.made.content, found.content, gone, came)
    return found


def _blame_mapping(con: duckdb.DuckDBPyConnection, staging: Staging, model: Model) -> None:
    """When a staging view itself fails, its profile is named instead of the model."""
    for table in sorted(model.inputs):
        for block in staging.blocks.get(table.removeprefix("staging."), ()):
            try:
                con.execute(f"SELECT count(*), bit_xor(hash(t)) FROM ({block.rows}) t").fetchall()
            except duckdb.Error as error:
                raise mapping_error(block, error) from error


def run_step(con: duckdb.DuckDBPyConnection, step: Step, fingerprint: str) -> list[Made]:
    try:
        with transaction(con):
            step.run(con)
            return [made.describe(con, output, "table", fingerprint) for output in step.outputs]
    except duckdb.Error as error:
        text = str(error).strip().splitlines()[0]
        raise TandemError(f"step {step.module} fails: {text}", "the version before it stays published") from error
