"""Model tests are input rows -> output rows: staging tables in memory, the real model files on top."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd

from data_access.config import Planning
from data_access.identity import links_step, pairs_step
from data_access.planning import lines, step
from data_access.planning.mrp import step as mrp_step
from data_access.sync.build import macro_texts
from data_access.sync.lineage import Model, build_order, load_models, table_macros
from data_access.sync.sqltext import render
from data_access.sync.staging import plan_rule_values

ROOT = Path(__file__).resolve().parents[1]
MODELS = ROOT / "data_access" / "models"
ENTITIES: dict[str, dict[str, str]] = tomllib.loads((MODELS / "entities.toml").read_text(encoding="utf-8"))
Rows = Sequence[Mapping[str, Any]]


@cache
def parsed_models() -> Mapping[str, Model]:
    """All model files, parsed once a test run."""
    with duckdb.connect() as con:
        return load_models(con, MODELS, table_macros(con, macro_texts()[1]))


class Bench:
    """A company of one test: fill staging with `rows`, `build` the models, `read` what came out."""

    def __init__(
        self,
        today: date = date(2026, 11, 23),
        currency: str = "EUR",
        timezone: str = "Europe/Berlin",
        sources: Mapping[str, str] | None = None,
        fiscal_year_start: int = 1,
        baseline: tuple[date, date] | None = None,
        planning: Planning | None = None,
    ) -> None:
        self.con = duckdb.connect(config={"python_enable_replacements": "false", "threads": 1})
        self.con.execute("SET TimeZone = 'UTC'; ATTACH ':memory:' AS staging")
        for schema in ("core", "marts", "plan", "ops"):
            self.con.execute(f"CREATE SCHEMA {schema}")
        for entity, columns in ENTITIES.items():
            typed = ", ".join(f"{name} {kind.rstrip('!')}" for name, kind in columns.items())
            self.con.execute(f"CREATE TABLE staging.{entity} (source VARCHAR, {typed})")
        self.con.execute("CREATE TABLE staging.source (source VARCHAR, role VARCHAR, system VARCHAR)")
        self.con.execute("CREATE TABLE staging.currency_digits (currency VARCHAR, digits INTEGER)")
        self.con.execute("INSERT INTO staging.currency_digits VALUES ('EUR', 2), ('USD', 2), ('CNY', 2), ('JPY', 0)")
        self.con.execute(
            "CREATE TABLE staging.company AS SELECT currency, digits, $2::VARCHAR AS timezone, $3::DATE AS today,"
            " now() AS published_at, $4::INTEGER AS fiscal_year_start, $5::DATE AS baseline_first_month,"
            " $6::DATE AS baseline_last_month FROM staging.currency_digits WHERE currency = $1",
            [currency, timezone, today, fiscal_year_start, *(baseline or (None, None))],
        )
        self.con.execute(render("plan_rule"), plan_rule_values(planning or Planning()))
        self.con.execute(render("item_rule"))
        self.con.execute(render("identity_decision"))
        for name, role in (sources or {"erp": "erp", "crm": "crm"}).items():
            self.con.execute("INSERT INTO staging.source VALUES (?, ?, 'test')", [name, role])
        self.con.execute(macro_texts()[0])

    def rows(self, entity: str, rows: Rows, source: str = "erp") -> Bench:
        """Adds rows to staging.<entity>; columns not named are NULL."""
        frame = pd.DataFrame([{"source": source, **row} for row in rows], dtype="object")
        self.con.register("given", frame.where(frame.notna(), None))
        self.con.execute(f"INSERT INTO staging.{entity} BY NAME SELECT * FROM given")
        self.con.unregister("given")
        return self

    def build(self, *wanted: str) -> Bench:
        """All models in the engine's own order, or only `wanted` and what they read."""
        text = macro_texts()[1]
        models = parsed_models()
        inputs = {name: model.inputs for name, model in models.items()}
        steps = {
            output: module for module in (pairs_step, links_step, step, lines, mrp_step) for output in module.OUTPUTS
        }
        inputs |= {output: module.INPUTS for output, module in steps.items()}
        need = _closure(wanted, inputs) if wanted else set(inputs)
        defined, done = False, set[str]()
        for name in build_order(inputs):
            if name not in need:
                continue
            if name in steps:
                if name not in done:
                    steps[name].build(self.con)
                    done |= set(steps[name].OUTPUTS)
                continue
            if not defined and name.startswith("core.") and "core.stock_move" in done:
                self.con.execute(text)
                defined = True
            done.add(name)
            self.con.execute(f"CREATE {models[name].kind.upper()} {name} AS {models[name].sql}")
        return self

    def ops(self) -> Bench:
        """The engine's own tables of a version, of a company in which nothing was found yet."""
        self.con.execute("ATTACH ':memory:' AS landing")
        self.con.execute(render("landing_tables"))
        self.con.execute(render("work_tables", version="1"))
        self.con.execute("CREATE TABLE build.rate_now (currency VARCHAR, rate DECIMAL(24,12))")
        self.con.execute(render("ops_tables", run_id="1"))
        return self

    def read(self, sql: str) -> list[dict[str, Any]]:
        """Rows of a query as dictionaries."""
        cursor = self.con.execute(sql)
        names = [column[0] for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

    def one(self, sql: str) -> Any:
        row = self.con.execute(sql).fetchone()
        return row[0] if row else None

    def save(self, path: Path) -> None:
        """The built tables as a DuckDB file, views as tables; macros as they are."""
        tables = self.con.execute(
            "SELECT table_schema, table_name FROM information_schema.tables WHERE table_catalog = 'memory'"
            " AND table_schema IN ('core', 'marts', 'plan', 'ops')"
        ).fetchall()
        self.con.execute(f"ATTACH '{path}' AS saved")
        for schema in ("core", "marts", "plan", "ops"):
            self.con.execute(f"CREATE SCHEMA IF NOT EXISTS saved.{schema}")
        for schema, name in tables:
            self.con.execute(f"CREATE TABLE saved.{schema}.{name} AS FROM {schema}.{name}")
        self.con.execute(f"USE saved; {macro_texts()[0]}; USE memory")
        self.con.execute("DETACH saved")

    def violations(self, check: str) -> list[dict[str, Any]]:
        return self.read((MODELS / "checks" / f"{check}.sql").read_text(encoding="utf-8"))


def _closure(wanted: Sequence[str], inputs: Mapping[str, frozenset[str]]) -> set[str]:
    found: set[str] = set()
    todo = list(wanted)
    while todo:
        name = todo.pop()
        if name in inputs and name not in found:
            found.add(name)
            todo.extend(inputs[name])
    return found
