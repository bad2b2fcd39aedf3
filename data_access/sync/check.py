"""Data-quality rules of one build: what fails, and whether a violated gate stops the publish."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import duckdb

from data_access.config import Quality
from data_access.errors import GateError, TandemError
from data_access.rules import WEIGHTS, AnyRule, SqlFile, load_rules, owner_of
from data_access.sync import crew, mapped
from data_access.sync.build import BuildResult
from data_access.sync.changes import Changes
from data_access.sync.db import transaction
from data_access.sync.digest import digest
from data_access.sync.judging import Counted, on_changes
from data_access.sync.lineage import tables_read
from data_access.sync.rule_sql import checked, failing
from data_access.sync.sqltext import headers, literal, render

SAMPLE_ROWS = 20
HISTORY_DAYS = 400
_CHECK_SEVERITY = {"warn": "medium", "low": "low", "medium": "medium", "high": "high", "gate": "gate"}


@dataclass(frozen=True)
class CheckResult:
    """One rule on one build. pass_rate: rows that pass / rows checked (NULL: nothing was there to check); sample: JSON
    of at most SAMPLE_ROWS {id, why}; source: names of the sources its rows derive from, joined by commas."""

    rule: str
    kind: str
    title: str
    title_zh: str | None
    severity: str
    weight: int
    owner: str
    source: str
    rows_checked: int | None
    rows_failed: int
    pass_rate: float | None
    min_pass: float
    passed: bool
    sample: str
    error: str
    checked_at: datetime


def all_rules(models: Path, quality: Quality) -> dict[str, AnyRule]:
    """The checks/*.sql, the shipped rules.toml and the company's own, which replaces a rule of the same name;
    ConfigError for a mistake in a file of rules, TandemError for one in a check."""
    found: dict[str, AnyRule] = {path.stem: _of_file(path) for path in sorted((models / "checks").glob("*.sql"))}
    for path in (models / "rules.toml", quality.rules):
        if path is not None and (path.exists() or path == quality.rules):
            found |= load_rules(path)
    return found


def _of_file(path: Path) -> SqlFile:
    sql = path.read_text(encoding="utf-8").strip().rstrip(";")
    known = headers(sql)
    if known.get("severity", "") not in _CHECK_SEVERITY:
        raise TandemError(
            f"check {path.name}: severity is missing", "start the file with -- severity: gate, high, medium or low"
        )
    title = known.get("doc") or path.stem.replace("_", " ")
    given: dict[str, Any] = {
        "title_zh": known.get("title_zh"),
        "owner": known.get("owner"),
        "table": known.get("table"),
    }
    return SqlFile.model_validate(
        {"name": path.stem, "kind": "sql", "file": path.name, "text": sql, "title": title, **given}
        | {"severity": _CHECK_SEVERITY[known["severity"]], "where": known.get("where")}
    )


def run_checks(
    con: duckdb.DuckDBPyConnection,
    rules: Mapping[str, AnyRule],
    owners: Mapping[str, str],
    built: BuildResult,
    changes: Changes,
    now: datetime,
) -> list[CheckResult]:
    """Every rule on the tables just built; one whose inputs did not change keeps its result. TandemError when a gate
    cannot run; another rule that cannot counts as failed and says why."""
    query = "SELECT rule, inputs, result FROM build.rule_result"
    known = {rule: (inputs, result) for rule, inputs, result in con.execute(query).fetchall()}
    contents = {**built.inputs, **built.content}
    inputs = {name: _inputs(con, rule, built.base, contents) for name, rule in rules.items()}
    contents |= {table: change.before for table, change in changes.models.items()}
    before = {name: _inputs(con, rule, built.base, contents) for name, rule in rules.items()}
    same = {name for name, found in inputs.items() if found and known.get(name, ("",))[0] == found}
    results = {name: CheckResult(**json.loads(known[name][1]), checked_at=now) for name in same}
    fresh = {name: frozenset[str]() for name in rules if name not in same}

    def begin(name: str) -> Callable[[duckdb.DuckDBPyConnection], CheckResult]:
        judged, result = known.get(name, ("", ""))
        last = _last(result) if judged and judged == before[name] else None
        return lambda beside: _run(beside, rules[name], built, changes, last, now)

    crew.run(con, fresh, begin, results.__setitem__, built.at_once)
    _remember(con, {name: (inputs[name], _document(results[name])) for name in fresh}, known.keys() - rules.keys())
    owned = [replace(results[name], owner=owner_of(rule, owners)) for name, rule in rules.items()]
    return owned + _mappings(con, owners, now)


def _mappings(con: duckdb.DuckDBPyConnection, owners: Mapping[str, str], now: datetime) -> list[CheckResult]:
    """The rules that come with the profiles' maps: one for each field that has one."""
    return [
        CheckResult(
            f"mapping of {entity}.{field}", "mapping", *mapped.titles(entity, field), "medium", WEIGHTS["medium"],
            owners.get(entity) or owners.get("default", ""), sources, filled, filled - good,
            good / filled if filled else None, 1.0, good == filled, mapped.sample(values), "", now,
        )
        for entity, field, sources, filled, good, values in mapped.coverage(con)
    ]  # fmt: skip


def _inputs(con: duckdb.DuckDBPyConnection, rule: AnyRule, base: str, contents: Mapping[str, str]) -> str:
    """Changes with the rule and with the content of any table it reads; empty where that cannot be told."""
    try:
        read = tables_read(con, failing(rule)) | tables_read(con, checked(rule) or "SELECT 1")
    except ValueError:
        return ""
    if not read <= contents.keys():
        return ""
    return digest(base, rule.model_dump_json(), *sorted(contents[table] for table in read))


def _run(
    con: duckdb.DuckDBPyConnection,
    rule: AnyRule,
    built: BuildResult,
    changes: Changes,
    last: Counted | None,
    now: datetime,
) -> CheckResult:
    """`last`: what it counted before `changes`; None where that was on other tables."""
    counted, error = Counted(None, 0, "[]"), ""
    try:
        counted = (on_changes(con, rule, last, changes) if last else None) or count_all(con, rule)
    except duckdb.Error as problem:
        error = str(problem).strip().splitlines()[0]
        if rule.severity == "gate":
            raise TandemError(f"check {rule.name} fails: {error}", "correct the file") from problem
    rows_checked, failed = counted.checked, counted.failed
    if rows_checked is None:
        rate = None if error else float(not failed)
    else:
        rate = 1 - min(failed, rows_checked) / rows_checked if rows_checked else None
    passed = not error and (rate is None or rate >= rule.min_pass)
    return CheckResult(
        rule.name, rule.kind, rule.title, rule.title_zh, rule.severity, WEIGHTS[rule.severity], "",
        ",".join(_sources(con, rule, built, bool(error))), rows_checked, failed, rate, rule.min_pass, passed,
        counted.sample, error, now,
    )  # fmt: skip


def _last(result: str) -> Counted | None:
    """What a kept result counted; None where the rule could not run."""
    kept = json.loads(result)
    return None if kept["error"] else Counted(kept["rows_checked"], kept["rows_failed"], kept["sample"])


def count_all(con: duckdb.DuckDBPyConnection, rule: AnyRule) -> Counted:
    """Among all rows."""
    listed = "SELECT * FROM failing ORDER BY ALL"
    row = con.execute(
        f"WITH failing AS ({failing(rule)}) SELECT ({checked(rule) or 'SELECT NULL'}), (SELECT count(*) FROM failing), "
        f"(SELECT to_json(list(f)) FROM ({listed} LIMIT {SAMPLE_ROWS}) f)"
    ).fetchone()
    assert row is not None
    rows = json.loads(row[2] or "[]")
    if isinstance(rule, SqlFile):
        rows = [{"id": str(each[_name(each)]), "why": _told(each)} for each in rows]
    return Counted(row[0], row[1], json.dumps(rows, ensure_ascii=False))


def _name(row: Mapping[str, Any]) -> str:
    """The column that names a check's row: the first id, else the first."""
    return next((name for name in row if name == "id" or name.endswith("_id")), next(iter(row)))


def _told(row: Mapping[str, Any]) -> str:
    return ", ".join(f"{name} {value}" for name, value in row.items() if name != _name(row) and value is not None)


def _sources(con: duckdb.DuckDBPyConnection, rule: AnyRule, built: BuildResult, broken: bool) -> list[str]:
    if broken:
        return []
    read = tables_read(con, failing(rule))
    return sorted({source for table in read for source in built.sources_of(table)})


def _document(result: CheckResult) -> str:
    fields = asdict(result)
    del fields["checked_at"]
    return json.dumps(fields, ensure_ascii=False)


def _remember(con: duckdb.DuckDBPyConnection, fresh: Mapping[str, tuple[str, str]], gone: set[str]) -> None:
    old = [*fresh, *gone]
    if not old:
        return
    con.execute("BEGIN")
    con.execute(f"DELETE FROM build.rule_result WHERE rule IN ({', '.join(literal(name) for name in old)})")
    for name, (inputs, result) in fresh.items():
        con.execute("INSERT INTO build.rule_result VALUES (?, ?, ?)", [name, inputs, result])
    con.execute("COMMIT")


def keep_history(con: duckdb.DuckDBPyConnection, results: Sequence[CheckResult], today: date) -> None:
    """The day's last pass rate of every rule, in landing.rule_history."""
    if not results:
        return
    rows = [
        (each.rule, today, each.severity, each.weight, each.rows_checked, each.rows_failed, each.pass_rate, each.passed)
        for each in results
    ]
    with transaction(con):
        con.execute(render("rule_history", today=literal(today.isoformat()), days=str(HISTORY_DAYS)))
        con.execute(f"INSERT INTO landing.rule_history VALUES {', '.join(['(?, ?, ?, ?, ?, ?, ?, ?)'] * len(rows))}",
                    [value for row in rows for value in row])  # fmt: skip


def gate(results: Sequence[CheckResult]) -> None:
    """GateError naming the gates that are violated."""
    bad = [result for result in results if result.severity == "gate" and not result.passed]
    if bad:
        told = "; ".join(f"{result.rule} ({result.rows_failed} rows, such as {result.sample[:160]})" for result in bad)
        raise GateError(f"gate check failed: {told}", "nothing was published; the version before stays")


def warnings(results: Sequence[CheckResult]) -> list[str]:
    """What the rules that are no gates found, with a few of the rows."""
    return [
        f"check {result.rule}: {result.error or f'{result.rows_failed} rows, such as {result.sample[:160]}'}"
        for result in results
        if result.severity != "gate" and not result.passed
    ]
