"""Models from staging to tables of work.duckdb; what has unchanged inputs is not made again."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from pathlib import Path

import duckdb

from data_access.errors import TandemError
from data_access.identity_decisions import IdentityDecision
from data_access.names import legal_forms
from data_access.sync import crew, made, making, meta, rejects
from data_access.sync.changes import Changes, keep_parts, look_at_parts
from data_access.sync.db import transaction
from data_access.sync.digest import digest
from data_access.sync.lineage import MODELS, Model, build_order, load_models, table_macros, upstream
from data_access.sync.made import Made
from data_access.sync.partition import Key
from data_access.sync.staging import (
    Company,
    SourceInfo,
    Staging,
    engine_tables,
    findings,
    prepare,
)
from data_access.sync.steps import PYTHON_STEPS, Step

ENGINE_VERSION = "2"


@dataclass(frozen=True)
class BuildResult:
    """content: model -> content id; made: models made anew; figures: model -> inputs that are not mere lookups;
    origins: staging table -> sources; inputs: staging table -> content id; base: what every model depends on; at_once:
    how much of what follows from it may be done beside each other."""

    content: Mapping[str, str]
    made: tuple[str, ...]
    figures: Mapping[str, frozenset[str]]
    origins: Mapping[str, frozenset[str]]
    inputs: Mapping[str, str] = field(default_factory=dict)
    base: str = ""
    at_once: int = 1

    def sources_of(self, table: str) -> list[str]:
        """Names of the sources that the figures of `table` derive from."""
        found: set[str] = set()
        for name in upstream(table, self.figures):
            found |= self.origins.get(name, frozenset())
        return sorted(found)


def build(
    con: duckdb.DuckDBPyConnection,
    sources: Sequence[SourceInfo],
    company: Company,
    now: datetime,
    changes: Changes,
    *,
    models: Path = MODELS,
    steps: Sequence[str] = PYTHON_STEPS,
    decisions: Sequence[IdentityDecision] = (),
    tell: Callable[[str, int, int], None] = lambda name, done, total: None,
) -> BuildResult:
    """Brings every model up to date, each in its own transaction, and notes what changed in those made in part."""
    macros, core_macros = macro_texts(models)
    engine_tables(con, sources, company)
    _once(con, "macros", macros)
    base = digest(ENGINE_VERSION, duckdb.__version__, macros, core_macros, company.currency, company.timezone)
    staging = prepare(con, sources, company, base, decisions)
    functions = table_macros(con, core_macros)
    nodes = load_models(con, models, functions)
    inputs = {name: model.inputs for name, model in nodes.items()}
    makers = {output: step for step in map(Step.find, steps) for output in step.outputs}
    inputs |= {output: step.inputs for output, step in makers.items()}
    _check_inputs(inputs, staging, nodes)
    content = dict(staging.content)
    looked, watched = _partitioned_by(nodes.values())
    changes.staged = look_at_parts(con, looked, content)
    known, kinds = made.known(con), made.kinds(con)
    beside = _findings(staging, known, now) | rejects.unknown(con, staging.content, base, changes, now)
    fresh: list[Made] = []
    order = build_order(inputs)
    pending = dict.fromkeys(functions)
    task_of = {name: makers[name].module if name in makers else name for name in order}
    outputs = {task: [name for name in order if task_of[name] == task] for task in task_of.values()}

    def begin(task: str) -> Callable[[duckdb.DuckDBPyConnection], None] | None:
        """What makes the task's models; None where nothing they are made from has changed."""
        if task in beside:
            return beside[task]
        names = outputs[task]
        tell(names[0], order.index(names[0]), len(order))
        _define_macros(con, core_macros, pending, functions, content)
        step, read = makers.get(names[0]), sorted(content[table] for table in inputs[names[0]])
        code = step.code if step else nodes[task].kind + nodes[task].sql
        fingerprint = digest(base, code, *read)
        if all(name in known and known[name].inputs == fingerprint for name in names):
            content.update((name, known[name].content) for name in names)
            return None
        if step is not None:
            return lambda beside: fresh.extend(making.run_step(beside, step, fingerprint))
        plan = making.Plan(
            nodes[task], fingerprint, _others(base, nodes[task], content), kinds.get(task), task in watched
        )
        return lambda beside: fresh.append(making.make(beside, plan, staging, content, changes))

    def end(task: str, _: None) -> None:
        content.update((each.name, each.content) for each in fresh if each.name in outputs.get(task, ()))

    needs = {
        task: frozenset(task_of[table] for table in inputs[names[0]] & task_of.keys())
        for task, names in outputs.items()
    }
    needs |= dict.fromkeys(beside, frozenset())
    is_large, at_once, heavy = crew.is_large(known.values()), crew.size(known.values()), set[str]()

    def alone(task: str) -> bool:
        model = nodes.get(task)
        if is_large and model and making.is_whole(con, model, _others(base, model, content), changes):
            heavy.add(task)
        return task in heavy

    try:
        crew.run(con, needs, begin, end, at_once, last=beside, alone=alone)
        keep_parts(con, changes.staged)
    finally:  # also what was made beside one that failed
        made.keep(con, fresh)
    _define_macros(con, core_macros, pending, functions, content)
    _drop_unknown(con, inputs, known)
    figures = inputs | {name: model.figures for name, model in nodes.items()}
    figures |= {output: step.inputs - step.lookups for output, step in makers.items()}
    made_content = {name: content[name] for name in order}
    names = tuple(sorted((each.name for each in fresh), key=order.index))
    at_once = 1 if heavy else at_once
    return BuildResult(made_content, names, figures, staging.sources, staging.content, base, at_once)


def macro_texts(models: Path = MODELS) -> tuple[str, str]:
    """The macros every model may use, and those over core tables (macros/*.table.sql), which need the tables first."""
    files = sorted((models / "macros").glob("*.sql"))
    forms = legal_forms()
    words, endings = "|".join((*forms.words, *forms.joining)), "|".join(forms.endings)
    texts = {
        path: path.read_text(encoding="utf-8").replace("$legal_words", words).replace("$legal_endings", endings)
        for path in files
    }
    over_tables = [path for path in files if path.name.endswith(".table.sql")]
    plain = "\n".join(texts[path] for path in files if path not in over_tables)
    return plain, "\n".join(texts[path] for path in over_tables)


def _check_inputs(inputs: Mapping[str, frozenset[str]], staging: Staging, nodes: Mapping[str, Model]) -> None:
    for name, read in inputs.items():
        for table in sorted(read):
            if table not in inputs and table not in staging.content:
                raise TandemError(
                    f"model {name} reads {table}, which nothing makes", "correct the name, or add the model"
                )
        if name in nodes and nodes[name].kind == "view" and any(table.startswith("staging.") for table in read):
            raise TandemError(f"model {name} is a view over staging, which is not published", "make it a table")


def _findings(staging: Staging, known: Mapping[str, Made], now: datetime) -> dict[str, rejects.Work]:
    """By entity whose staging changed: what renews that which it left out or could not map."""
    names = {entity: f"staging.{entity}" for entity in staging.blocks}
    return {
        name: partial(_renew_findings, staging, entity, now)
        for entity, name in names.items()
        if name not in known or known[name].inputs != staging.content[name]
    }


def _renew_findings(staging: Staging, entity: str, now: datetime, con: duckdb.DuckDBPyConnection) -> None:
    name = f"staging.{entity}"
    with transaction(con):
        findings(con, staging, entity, now)
        made.keep(con, [Made(name, "staging", staging.content[name], staging.content[name])])


def _define_macros(
    con: duckdb.DuckDBPyConnection,
    text: str,
    pending: dict[str, None],
    functions: Mapping[str, frozenset[str]],
    content: Mapping[str, str],
) -> None:
    """Table macros need their tables: they are defined as soon as all of those are there."""
    if pending and all(table in content for name in functions for table in functions[name]):
        _once(con, "core_macros", text)
        pending.clear()


def _once(con: duckdb.DuckDBPyConnection, name: str, statements: str) -> None:
    """Macros stay in work.duckdb: they are defined again only when their text changed."""
    if meta.kept(con, name) != digest(statements):
        con.execute(f"BEGIN; {statements}; COMMIT" if statements.strip() else "SELECT 1")
        meta.keep(con, name, digest(statements))


def _partitioned_by(models: Iterable[Model]) -> tuple[dict[str, list[Key]], frozenset[str]]:
    """What decides the parts of models: staging tables with the keys that they are looked at by, and other models."""
    looked: dict[str, list[Key]] = {}
    watched = set()
    for model in models:
        for table, key in model.partition.by.items() if model.partition else ():
            if not table.startswith("staging."):
                watched.add(table)
            elif key not in looked.setdefault(table, []):
                looked[table].append(key)
    return looked, frozenset(watched)


def _others(base: str, model: Model, content: Mapping[str, str]) -> str:
    """Stands for all that makes a partitioned model whole: its text and the inputs outside its parts."""
    by = model.partition.by if model.partition else {}
    return digest(base, model.sql, *sorted(content[table] for table in model.inputs - by.keys()))


def _drop_unknown(
    con: duckdb.DuckDBPyConnection, inputs: Mapping[str, frozenset[str]], known: Mapping[str, Made]
) -> None:
    """Tables of models that no longer exist leave the warehouse."""
    gone = [each for name, each in known.items() if name not in inputs and each.kind != "staging"]
    for each in gone:
        con.execute(f"DROP {each.kind} IF EXISTS {each.name}")
    if gone:
        made.forget(con, [each.name for each in gone])
