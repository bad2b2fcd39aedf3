"""Made or judged in part, or made and judged whole: the same rows and results, whatever changes."""

from __future__ import annotations

import json
import random
import sqlite3
from pathlib import Path

import pytest

from data_access import demo
from data_access.clock import utc_now
from data_access.config import load_config
from data_access.sync import check, made, making, rejects
from data_access.sync.build import macro_texts
from data_access.sync.check import all_rules, count_all
from data_access.sync.engine import Engine
from data_access.sync.lineage import MODELS, load_models, table_macros
from data_access.sync.run import run_sync

PARTITIONED = {"core.stock_move", "core.order_line_base", "core.shipment", "core.sales_order_line", "core.sales_order",
               "core.ticket", "core.invoice", "core.payment", "marts.sale", "marts.delivery", "marts.order_step",
               "marts.order_case", "marts.order_to_cash", "marts.case_exception", "marts.search_order",
               "marts.item_out_week", "marts.customer_month", "marts.customer_order_day"}  # fmt: skip


def differences(folder: Path) -> dict[str, tuple[int, int]]:
    """Model -> rows that only the kept table or only a whole rebuild has, where there are any."""
    engine = Engine(load_config(folder / "tandem.toml"))
    try:
        con = engine.con.cursor()
        con.execute("USE work")
        engine_build(engine, con)
        models = load_models(con, MODELS, table_macros(con, macro_texts()[1]))
        assert {name for name, model in models.items() if model.partition} == PARTITIONED
        found = {}
        for name, kept in made.known(con).items():
            if kept.kind == "table":  # what was kept up to date is what would be found now
                now = made.describe(con, name)
                assert (kept.content, kept.rows, kept.sums) == (now.content, now.rows, now.sums), name
        for name in PARTITIONED:
            con.execute(f"CREATE OR REPLACE TEMP TABLE whole AS {models[name].sql}")
            counts = tuple(
                con.execute(f"SELECT count(*) FROM (FROM {a} EXCEPT ALL FROM {b})").fetchall()[0][0]
                for a, b in ((name, "whole"), ("whole", name))
            )
            if counts != (0, 0):
                found[name] = counts
        assert told_of_unknown(con) == told_of_unknown(con, anew=True)
        kept = con.execute("SELECT rule, result FROM build.rule_result").fetchall()
        for name, one in all_rules(MODELS, engine.config.quality).items():
            result, now = json.loads(dict(kept)[name]), count_all(con, one)
            assert (result["rows_checked"], result["rows_failed"]) == (now.checked, now.failed), name
            assert result["sample"] == now.sample, name
        return found
    finally:
        engine.close()


def engine_build(engine: Engine, con) -> None:
    """Puts the staging views (which live in memory) in place."""
    from data_access.sync.build import build
    from data_access.sync.changes import noted
    from data_access.sync.staging import Company, SourceInfo

    company, now = engine.config.company, engine.options.clock()
    sources = [SourceInfo(s.config.name, s.config.role, s.profile.system, s.profile) for s in engine.sources]
    facts = Company(company.currency, company.timezone, engine.today(), now, company.targets)
    with noted(con) as changes:
        assert build(con, sources, facts, now, changes).made == ()


def told_of_unknown(con, *, anew: bool = False) -> list[tuple[object, ...]]:
    """What is told of references to what is not known: as it is kept, or found anew among all rows."""
    if anew:
        for one in rejects.references():
            rejects.find(con, one, utc_now())
    query = "SELECT source, entity, reason, source_id, payload FROM build.staging_finding WHERE kind = 'unknown'"
    return con.execute(f"{query} ORDER BY ALL").fetchall()


def upset(folder: Path, chance: random.Random, *, moves_too: bool) -> None:
    """Changes no clock sees: lines that move to another order, other currencies, deletes, odd quantities."""
    with sqlite3.connect(folder / "erp.db") as erp:
        lines = [line for (line,) in erp.execute("SELECT lno FROM so_l ORDER BY lno")]
        moves = [move for (move,) in erp.execute("SELECT mno FROM mv ORDER BY mno")]
        orders = [order for (order,) in erp.execute("SELECT sno FROM so_h ORDER BY sno")]
        for _ in range(3):
            erp.execute(
                "UPDATE so_l SET sno = ?, chg = NULL WHERE lno = ?", (chance.choice(orders), chance.choice(lines))
            )
            erp.execute("UPDATE so_l SET qty = -qty, amt_m = -amt_m, chg = NULL WHERE lno = ?", (chance.choice(lines),))
            erp.execute(
                "UPDATE so_h SET cur = ?, chg = NULL WHERE sno = ?",
                (chance.choice(["USD", "CNY", ""]), chance.choice(orders)),
            )
            erp.execute("DELETE FROM so_l WHERE lno = ?", (chance.choice(lines),))
            unknown, known = chance.sample(orders, 2)
            erp.execute("UPDATE so_h SET cno = 987654, chg = NULL WHERE sno = ?", (unknown,))
            erp.execute("UPDATE so_h SET cno = (SELECT min(cno) FROM cust), chg = NULL WHERE sno = ?", (known,))
            erp.execute("UPDATE so_l SET wno = 98, chg = NULL WHERE lno = ?", (chance.choice(lines),))
            if moves_too:
                move, line = chance.choice(moves), chance.choice(lines)
                erp.execute("DELETE FROM mv WHERE mno = ?", (chance.choice(moves),))
                erp.execute("UPDATE mv SET lno = ?, chg = NULL WHERE mno = ?", (line, move))
            erp.execute("UPDATE inv SET opn_m = 0, chg = NULL WHERE ivno = (SELECT min(ivno) FROM inv WHERE opn_m > 0)")


@pytest.mark.parametrize("seed", [1, pytest.param(2, marks=pytest.mark.soak)])
def test_parts_add_up_to_the_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int) -> None:
    demo.make(tmp_path, lines=1_500, months=14, seed=seed)
    config, chance = load_config(tmp_path / "tandem.toml"), random.Random(seed)
    run_sync(config)
    in_part: dict[str, list[bool]] = {}
    real = making.make_changed

    def spied(con, plan, *rest):
        done = real(con, plan, *rest)
        in_part.setdefault(plan.model.name, []).append(done is not None)
        return done

    judged = []

    def listening(con, rule, *rest):
        found = on_changes(con, rule, *rest)
        judged.extend([rule.kind] if found else [])
        return found

    def among(con, one, *rest):
        judged.append("unknown")
        return find_among(con, one, *rest)

    on_changes, find_among = check.on_changes, rejects.find_among
    monkeypatch.setattr(check, "on_changes", listening)
    monkeypatch.setattr(rejects, "find_among", among)
    monkeypatch.setattr(making, "make_changed", spied)
    for step in range(3):
        if step == 1:
            demo.tick(tmp_path)
        upset(tmp_path, chance, moves_too=step < 2)
        report = run_sync(config)
        assert report.status == "published", report.errors
        assert differences(tmp_path) == {}
    assert {model for model, done in in_part.items() if any(done)} >= PARTITIONED, in_part
    assert {"sql", "range", "not_null", "unknown"} <= set(judged)


def test_a_head_without_lines_changes_no_part(tmp_path: Path) -> None:
    """What staging reads changed, its rows did not."""
    demo.make(tmp_path, lines=1_500, months=14, seed=1)
    config = load_config(tmp_path / "tandem.toml")
    run_sync(config)
    with sqlite3.connect(tmp_path / "erp.db") as erp:
        names = [name for _, name, *_ in erp.execute("PRAGMA table_info(so_h)")]
        values = ", ".join("77777" if name == "sno" else "'SO-EMPTY'" if name == "so_no" else name for name in names)
        erp.execute(f"INSERT INTO so_h SELECT {values} FROM so_h WHERE sno = (SELECT max(sno) FROM so_h)")
    report = run_sync(config)
    assert (report.status, report.errors) == ("nothing_new", [])
    assert sum(stream.counts.inserted for stream in report.streams) == 1
    assert differences(tmp_path) == {}
