"""Scenarios as people write them: what is understood, what is refused, and that the plan of record stays as it is."""

import pytest

from data_access.errors import QueryError
from data_access.planning.mrp import step
from data_access.planning.mrp.inputs import tables_read
from data_access.planning.mrp.whatif import Part, parse, side_by_side
from tests.modelbench import Bench
from tests.somecompany import some_company


@pytest.fixture(scope="module")
def bench() -> Bench:
    return some_company(31)


def test_what_is_understood() -> None:
    assert parse("demand~10; delay~14") == (Part("demand", "", 10.0), Part("delay", "", 14.0))
    assert parse("shift~erp:1~8;lost~w~33.5;deal~crm:x") == (
        Part("shift", "erp:1", 8.0), Part("lost", "w", 33.5), Part("deal", "crm:x"),
    )  # fmt: skip


@pytest.mark.parametrize(
    "text", ["", ";", "demand", "demand~", "demand~ten", "demand~nan", "demand~1e9", "demand~-91", "delay~-1",
             "shift~8", "lost~w~101", "price~10", "demand~10~20", ";".join(["demand~1"] * 13), "<script>~1"],
)  # fmt: skip
def test_what_is_refused_says_how_to_write_it(text: str) -> None:
    with pytest.raises(QueryError) as raised:
        parse(text)
    assert "demand~10" in raised.value.hint


def test_names_nobody_knows_are_refused(bench: Bench) -> None:
    for text in ("shift~nowhere~8", "deal~nobody"):
        with pytest.raises(QueryError):
            side_by_side(bench.con, [text])


def test_side_by_side(bench: Bench) -> None:
    before = bench.read("SELECT bit_xor(hash(t)) AS h FROM plan.mps t")
    center = bench.one("SELECT work_center_id FROM core.work_center")
    texts = ["demand~50", "demand~0", "delay~60", f"lost~{center}~50", "demand~-50"]
    found = side_by_side(bench.con, texts)
    assert found["scenario"].isna()[0] and found["scenario"].tolist()[1:] == texts
    rows = found.drop(columns="scenario").to_dict("records")
    base, more, same, late, less_hours, fewer = rows
    assert same == base
    for name in ("stock_outs", "below_safety", "revenue_at_risk"):
        assert more[name] >= base[name] >= fewer[name]
        assert late[name] >= base[name]
    assert more["stock_value"] < base["stock_value"] < fewer["stock_value"]
    assert less_hours["utilisation"] == pytest.approx(2 * base["utilisation"])
    assert more["new_stock_outs"] - more["avoided_stock_outs"] == more["stock_outs"] - base["stock_outs"]
    assert bench.read("SELECT bit_xor(hash(t)) AS h FROM plan.mps t") == before


def test_money_at_risk_is_the_one_of_the_wall(bench: Bench) -> None:
    base = side_by_side(bench.con, []).to_dict("records")[0]
    walls = float(bench.one("SELECT sum(at_risk) FROM marts.item"))
    assert base["revenue_at_risk"] == pytest.approx(walls, rel=1e-4, abs=0.5)


def test_a_won_deal_takes_its_goods(bench: Bench) -> None:
    deal, wanted = next(
        (row["opportunity_id"], row["quantity"])
        for row in bench.read("SELECT opportunity_id, quantity FROM marts.deal_demand ORDER BY quantity DESC")
    )
    base, won = side_by_side(bench.con, [f"deal~{deal}"]).to_dict("records")
    assert wanted > 0 and won["stock_value"] <= base["stock_value"]


def test_the_step_reads_what_it_says(bench: Bench) -> None:
    assert tables_read() == step.INPUTS
    for table in step.OUTPUTS:
        assert bench.one(f"SELECT count(*) FROM {table}") is not None


def test_balances_are_what_was_there_and_came_less_what_was_needed(bench: Bench) -> None:
    """Row by row of the published plan: PAB_t = PAB_t-1 + scheduled + planned - gross requirements."""
    rows = bench.read(
        """SELECT m.product_id, m.projected_available AS now, m.scheduled_receipts AS due, m.planned_receipts AS new,
                  m.gross_requirements AS needed, coalesce(lag(m.projected_available) OVER w, p.on_hand) AS before
           FROM plan.mps m JOIN plan.item_parameter p USING (product_id)
           WINDOW w AS (PARTITION BY m.product_id ORDER BY m.period_start)"""
    )
    assert len(rows) > 100
    for row in rows:
        assert row["now"] == pytest.approx(row["before"] + row["due"] + row["new"] - row["needed"], abs=1e-4)
