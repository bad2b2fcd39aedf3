"""Rules: each kind's failing rows against the same question in plain Python, and what the engine makes of them."""

from __future__ import annotations

import json
import random
import re
import statistics
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest

from data_access.config import load_config
from data_access.errors import ConfigError
from data_access.rules import AnyRule, load_rules, owner_of
from data_access.sync.lineage import MODELS
from data_access.sync.rule_sql import checked, failing

TODAY = date(2026, 11, 23)
Row = dict[str, Any]


def some_rows(seed: int) -> list[Row]:
    rng = random.Random(seed)
    return [
        {
            "item_id": f"i{number}", "source": rng.choice("ab"), "code": rng.choice(["A1", "B2", "x", "", None, "C3"]),
            "parent_id": rng.choice(["p1", "p2", "p9", None]), "quantity": rng.choice([None, -5, 0, 3, 7, 100]),
            "most": rng.choice([None, 5, 50]), "day": TODAY - timedelta(days=rng.randint(0, 30)),
        }
        for number in range(60)
    ]  # fmt: skip


def world(rows: list[Row]) -> duckdb.DuckDBPyConnection:
    con = duckdb.connect()
    con.execute(f"CREATE SCHEMA staging; CREATE TABLE staging.company AS SELECT DATE '{TODAY}' AS today")
    con.execute("CREATE SCHEMA core; CREATE TABLE core.parent AS SELECT unnest(['p1', 'p2']) AS parent_id")
    columns = (
        "item_id VARCHAR, source VARCHAR, code VARCHAR, parent_id VARCHAR, quantity INTEGER, most INTEGER, day DATE"
    )
    con.execute(f"CREATE TABLE core.item ({columns})")
    if rows:
        con.executemany("INSERT INTO core.item VALUES (?, ?, ?, ?, ?, ?, ?)", [list(row.values()) for row in rows])
    return con


def rule(tmp_path: Path, text: str) -> AnyRule:
    (tmp_path / "rules.toml").write_text(f'[r]\ntitle = "R"\n{text}', encoding="utf-8")
    return load_rules(tmp_path / "rules.toml")["r"]


def answer(con: duckdb.DuckDBPyConnection, one: AnyRule) -> tuple[list[str], int]:
    """(ids that fail, rows looked at)."""
    ids = [str(name) for name, _ in con.execute(failing(one)).fetchall()]
    (looked,) = con.execute(checked(one) or "").fetchall()[0]
    return sorted(ids), looked


def outside(row: Row) -> bool:
    return row["quantity"] is not None and (
        row["quantity"] < 0 or row["most"] is not None and row["quantity"] > row["most"]
    )


CASES = {
    "not_null": (
        'kind = "not_null"\ntable = "core.item"\ncolumn = "code"\nwhere = "source = \'a\'"',
        lambda rows: [r["item_id"] for r in rows if r["source"] == "a" and not r["code"]],
        lambda rows: sum(r["source"] == "a" for r in rows),
    ),
    "unique": (
        'kind = "unique"\ntable = "core.item"\ncolumn = ["source", "code"]',
        lambda rows: [
            r["item_id"] for r in rows if r["code"] is not None
            and sum((o["source"], o["code"]) == (r["source"], r["code"]) for o in rows) > 1
        ],
        lambda rows: sum(r["code"] is not None for r in rows),
    ),
    "reference": (
        'kind = "reference"\ntable = "core.item"\ncolumn = "parent_id"\nto = "core.parent.parent_id"',
        lambda rows: [r["item_id"] for r in rows if r["parent_id"] == "p9"],
        lambda rows: sum(r["parent_id"] is not None for r in rows),
    ),
    "range": (
        'kind = "range"\ntable = "core.item"\ncolumn = "quantity"\nmin = 0\nmax = "most"',
        lambda rows: [r["item_id"] for r in rows if outside(r)],
        lambda rows: sum(r["quantity"] is not None for r in rows),
    ),
    "regex": (
        'kind = "regex"\ntable = "core.item"\ncolumn = "code"\npattern = "[A-Z][0-9]"',
        lambda rows: [r["item_id"] for r in rows if r["code"] not in (None, "A1", "B2", "C3")],
        lambda rows: sum(r["code"] is not None for r in rows),
    ),
    "freshness": (
        'kind = "freshness"\ntable = "core.item"\ncolumn = "day"\nwithin_days = 1\nper = "source"',
        lambda rows: [
            s for s in {r["source"] for r in rows}
            if max(r["day"] for r in rows if r["source"] == s) < TODAY - timedelta(days=1)
        ],
        lambda rows: len({r["source"] for r in rows}),
    ),
}  # fmt: skip


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("kind", CASES)
def test_failing_rows_are_those_plain_python_finds(tmp_path, kind, seed):
    text, expected, looked = CASES[kind]
    rows = some_rows(seed)
    assert answer(world(rows), rule(tmp_path, text)) == (sorted(expected(rows)), looked(rows))
    assert answer(world([]), rule(tmp_path, text)) == ([], 0)


def test_two_systems_agree_or_are_told(tmp_path):
    con = world([])
    con.execute("CREATE TABLE core.erp (k VARCHAR, v DOUBLE); CREATE TABLE core.crm (k VARCHAR, v DOUBLE)")
    con.execute("INSERT INTO core.erp VALUES ('1', 10), ('1', 5.5), ('2', 7), ('3', NULL), ('4', 1)")
    con.execute("INSERT INTO core.crm VALUES ('1', 15), ('2', 7.004), ('3', 1), ('5', 2)")
    one = rule(
        tmp_path,
        'kind = "cross_system"\ntolerance = 0.01\nleft = { from = "core.erp", key = "k", value = "sum(v)" }\n'
        'right = { from = "core.crm", key = "k", value = "v" }',
    )
    assert answer(con, one) == (["1"], 2)  # 3 has one value only, 4 and 5 one side only


@pytest.mark.parametrize("seed", range(4))
def test_volume_is_the_weekdays_median_and_mad(tmp_path, seed):
    rng = random.Random(seed)
    counts = {TODAY - timedelta(days=back): rng.randint(95, 105) for back in range(1, 200)}
    counts |= {TODAY - timedelta(days=2): 10, TODAY - timedelta(days=3): 118, TODAY - timedelta(days=5): 400}
    days = [day for day, rows in counts.items() for _ in range(rows)]
    con = world([])
    con.execute("INSERT INTO core.item (day) SELECT unnest(?::DATE[])", [days])
    one = rule(tmp_path, 'kind = "volume"\ntable = "core.item"\ncolumn = "day"')
    strange = []
    for back in range(1, 8):
        day = TODAY - timedelta(days=back)
        usual = [counts[other] for other in counts if 0 < (day - other).days <= 182 and (day - other).days % 7 == 0]
        middle = statistics.median(usual)
        spread = statistics.median(abs(rows - middle) for rows in usual)
        off = abs(counts[day] - middle)
        if len(usual) >= 14 and 0.6745 * off > 3.5 * spread and off > 0.2 * middle and off > 20:
            strange.append(str(day))
    assert answer(con, one) == (sorted(strange), 7) and str(TODAY - timedelta(days=2)) in strange
    con.execute(f"DELETE FROM core.item WHERE day < DATE '{TODAY}' - 80")  # under 14 points: nothing is said
    assert answer(con, one) == ([], 0)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('kind = "not_null"\ntable = "core.item"', "r.column: missing"),
        ('kind = "nonsense"', "r.kind: missing or unknown"),
        ('kind = "range"\ntable = "core.item"\ncolumn = "a"', "gives neither min nor max"),
        ('kind = "regex"\ntable = "core.item"\ncolumn = "a"\npattern = "x"\nmaximum = 3', "r.maximum: unknown key"),
        ('kind = "not_null"\ntable = "item; DROP TABLE x"\ncolumn = "a"', "r.table"),
        ('kind = "not_null"\ntable = "core.item"\ncolumn = "a"\nseverity = "fatal"', "r.severity"),
        ('kind = "sql"\nfile = "missing.sql"', "r.file: missing.sql cannot be read"),
        ('kind = "cross_system"\nleft = { from = "a", key = "b" }\nright = 1', "r.left.value: missing"),
    ],
)  # fmt: skip
def test_mistakes_name_file_rule_and_key(tmp_path, text, told):
    with pytest.raises(ConfigError, match="rules.toml: ") as caught:
        rule(tmp_path, text)
    assert told in caught.value.message and caught.value.hint


def test_shipped_rules_are_read_and_have_both_languages():
    rules = load_rules(MODELS / "rules.toml")
    assert len(rules) >= 40 and {one.kind for one in rules.values()} >= {*CASES, "cross_system", "volume"}
    assert not [one.name for one in rules.values() if not re.search(r"[\u4e00-\u9fff]", one.title_zh or "")]


def test_owners_are_found_by_rule_table_and_default(tmp_path):
    one = rule(tmp_path, 'kind = "not_null"\ntable = "core.item"\ncolumn = "a"')
    assert owner_of(one, {"default": "D", "item": "T", "r": "R"}) == "R"
    assert owner_of(one, {"default": "D", "item": "T"}) == "T" and owner_of(one, {"default": "D"}) == "D"
    assert owner_of(one.model_copy(update={"owner": "own"}), {"default": "D", "item": "T"}) == "own"


def test_a_companys_own_rules_are_judged_kept_and_told(tiny):
    (tiny.folder / "own.toml").write_text(
        '[named]\nkind = "regex"\ntitle = "Names begin with P"\ntable = "core.customer"\ncolumn = "name"\n'
        'pattern = "P.*"\nmin_pass = 0.95\n'
        '[broken]\nkind = "not_null"\ntitle = "B"\ntable = "core.customer"\ncolumn = "no_such"\nseverity = "low"\n',
        encoding="utf-8",
    )
    path = tiny.folder / "tandem.toml"
    quality = '[quality]\nrules = "own.toml"\n[quality.owners]\ncustomer = "Sales"\n'
    path.write_text(path.read_text(encoding="utf-8") + quality, encoding="utf-8")
    tiny.config = load_config(path)
    query = "SELECT rows_checked, rows_failed, passed, owner, sample FROM ops.quality_result WHERE rule = 'named'"
    tiny.party(50, "Quentin")
    report = tiny.sync()
    assert any("check broken: " in line and "no_such" in line for line in report.warnings)
    sample = '[{"id": "erp:50", "why": "name is Quentin"}]'
    assert tiny.read(query) == [(31, 1, True, "Sales", sample)]  # 30 of 31 is over 95 %
    tiny.party(51, "Rita")
    report = tiny.sync()
    assert tiny.read(query)[0][:3] == (32, 2, False) and any("check named: 2 rows" in line for line in report.warnings)
    assert tiny.read("SELECT count(*), min(pass_rate) FROM ops.quality_history WHERE rule = 'named'") == [(1, 30 / 32)]
    path.write_text(path.read_text(encoding="utf-8").replace('"Sales"', '"Finance"'), encoding="utf-8")
    tiny.config = load_config(path)
    assert tiny.sync().status == "published" and tiny.read(query)[0][3] == "Finance"
    assert tiny.sync().status == "nothing_new"


def test_no_more_than_twenty_rows_are_shown(tiny):
    checks = tiny.models / "checks"
    checks.mkdir()
    sql = "-- severity: high\n-- doc: none\n-- table: core.customer\nSELECT customer_id, name FROM core.customer"
    (checks / "all.sql").write_text(sql, encoding="utf-8")
    tiny.sync()
    ((rows, rate, sample),) = tiny.read(
        "SELECT rows_failed, pass_rate, sample FROM ops.quality_result WHERE rule = 'all'"
    )
    assert (rows, rate, len(json.loads(sample))) == (30, 0.0, 20)


def test_what_has_not_changed_is_not_judged_again(tiny, monkeypatch):
    from data_access.sync import check

    checks = tiny.models / "checks"
    checks.mkdir()
    for name in ("customer", "warehouse"):
        (checks / f"{name}.sql").write_text(f"-- severity: low\nSELECT * FROM core.{name} LIMIT 1", encoding="utf-8")
    tiny.sync()
    ran: list[str] = []
    original = check.count_all
    monkeypatch.setattr(check, "count_all", lambda con, one: ran.append(one.name) or original(con, one))
    tiny.party(1, "Renamed", "2026-04-01 00:00:00")
    assert tiny.sync().status == "published" and ran == ["customer"]
    assert len(tiny.read("FROM ops.quality_result WHERE kind = 'sql'")) == 2
