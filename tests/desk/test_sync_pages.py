"""/sync and /quality in a browser, on the demo company: figures that are the ledger's, a pair decided and undone."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from typing import Any

import pytest

from data_access.state import DAMAGED, State
from tests.desk.conftest import Opened
from tests.served import Served
from tests.wall.oracle.published import published

pytestmark = pytest.mark.browser
Desk = Callable[..., Opened]


@pytest.fixture(scope="module")
def state(served: Served) -> sqlite3.Connection:
    return sqlite3.connect(f"file:{served.folder / 'state.db'}?mode=ro", uri=True)


def ledger(state: sqlite3.Connection, source: str, *streams: str) -> dict[str, int]:
    """What the last run of these streams did, by the ledger's own rows."""
    marks = ", ".join("?" for _ in streams)
    query = f"""
        SELECT sum(read), sum(inserted), sum(updated), sum(unchanged), sum(rejected) FROM sync_stream
        WHERE source = ? AND entity IN ({marks})
          AND run_id = (SELECT max(run_id) FROM sync_stream WHERE source = ? AND entity IN ({marks}))"""
    row = state.execute(query, (source, *streams, source, *streams)).fetchone()
    return dict(zip(("read", "inserted", "updated", "unchanged", "rejected"), row, strict=True))


def test_every_feed_stands_there_and_one_is_accounted_for(desk: Desk, state: sqlite3.Connection) -> None:
    opened = desk("/sync?lang=en&feed=erp.sales_orders")
    page = opened.page
    shown = page.eval_on_selector_all(".feed-rows a.r", "rows => rows.map((row) => row.dataset.feed)")
    assert len(shown) == 14 and shown[0] == "erp.sales_orders" and shown[-1] == "crm.campaigns"
    told = ledger(state, "erp", "currency", "sales_order", "sales_order_line")
    assert told["read"] == told["inserted"] + told["updated"] + told["unchanged"] + told["rejected"] > 0
    blocks = page.eval_on_selector_all(
        ".accounted .of",
        "of => of.map((n) => [n.querySelector('b').textContent, n.querySelector('.block').textContent])",
    )
    assert {name: int(text.replace(",", "")) for name, text in blocks} == {
        name: told[name] for name in ("inserted", "updated", "unchanged", "rejected")
    }
    assert f"read {told['read']:,} = " in page.inner_text("#panel-feed_runs")
    page.click('[data-feed="crm.tickets"]')
    page.wait_for_function("() => document.querySelector('#panel-feed_runs h2').textContent === 'Tickets'")
    assert "feed=crm.tickets" in page.url and not opened.problems


def test_feeds_that_fail_alike_say_why_once(desk: Desk, served: Served) -> None:
    state = State(served.folder / "state.db")
    error = "'host away (p.toml, stream ' || stream || '): timed out'"
    fails = f"UPDATE feed SET error = {error}, hint = 'wake it', failures = 2"
    try:
        state.execute(f"{fails}, failing_since = checked_at WHERE source = 'crm'")
        page = desk("/sync?lang=en&feed=crm.tickets").page
        (told,) = page.locator(".feed-rows .trouble").all_inner_texts()
        assert ", 2 runs of 6 feeds: host away: timed out → wake it" in told
        (opened,) = page.eval_on_selector_all(".feed-rows a.on", "rows => rows.map((row) => row.dataset.feed)")
        assert opened == "crm.tickets"
        page = desk("/sync?lang=en").page  # nobody asked for one
        assert page.inner_text(".feed-rows a.on .n") == page.inner_text("#panel-feed_runs h2")
    finally:
        state.execute("UPDATE feed SET error = '', hint = '', failures = 0, failing_since = NULL WHERE source = 'crm'")


@pytest.mark.parametrize(
    ("lang", "words"), [("en", "Version 7 is damaged and set aside"), ("zh", "版本 7 已损坏，已搁置")]
)
def test_a_damaged_version_is_red(desk: Desk, served: Served, lang: str, words: str) -> None:
    state = State(served.folder / "state.db")
    state.set_fact(DAMAGED, "7: wh-7.duckdb differs from its manifest's hash")
    try:
        row = desk(f"/sync?lang={lang}").page.locator("#panel-attention", has_text=words)
        assert row.locator(".crit").count() >= 1 and "wh-7.duckdb differs" in row.inner_text()
    finally:
        state.set_fact(DAMAGED, None)


def test_what_is_asked_for_is_kept_with_who_asked(desk: Desk, state: sqlite3.Connection) -> None:
    opened = desk("/sync?lang=en&feed=crm.campaigns")
    opened.page.click('[data-act="run"]')
    opened.page.wait_for_function("() => document.querySelector('.act-said').textContent.startsWith('Asked for')")
    rows = state.execute("SELECT kind, body, asked_by FROM request ORDER BY id DESC LIMIT 2").fetchall()
    assert {row[0] for row in rows} == {"resync"} and {row[2] for row in rows} == {"page 127.0.0.1"}
    assert sorted(json.loads(row[1])["streams"] for row in rows) == [["campaign"], ["campaign_product"]]
    assert not opened.problems


def test_the_queue_is_what_the_version_holds(desk: Desk, served: Served) -> None:
    pairs = published(
        served.folder,
        "SELECT left_source || ':' || left_id || '|' || right_source || ':' || right_id FROM marts.identity_candidate"
        " ORDER BY hidden_base DESC, probability DESC, left_source, left_id, right_source, right_id",
    )
    assert pairs
    page = desk("/quality?lang=en").page
    shown = page.eval_on_selector_all(".pair-row", "rows => rows.map((row) => row.dataset.pair)")
    assert shown == [pair for (pair,) in pairs[: len(shown)]] and len(shown) == min(8, len(pairs))
    rates = published(served.folder, "SELECT account_rate, accounts FROM marts.identity_rate ORDER BY day DESC LIMIT 1")
    told = page.inner_text('[data-metric="match_accounts"] .kpi-value')
    assert float(told.rstrip("%")) == pytest.approx(100 * rates[0][0], abs=0.051)


def test_a_pair_is_decided_with_a_key_and_undone(desk: Desk, state: sqlite3.Connection) -> None:
    opened = desk("/quality?lang=en")
    page = opened.page
    first = page.get_attribute(".pair-row.on", "data-pair")
    page.keyboard.press("c")
    assert page.evaluate("document.activeElement.id") == "decided-by", "nobody decides without a name"
    page.fill("#decided-by", "Lin Wei")
    page.click("#panel-identity_pair h2")
    page.keyboard.press("c")
    page.wait_for_function("(pair) => !document.querySelector(`[data-pair='${pair}']`)", arg=first)
    kind, left_source, left_id, right_source, right_id, who = state.execute(
        "SELECT kind, left_source, left_id, right_source, right_id, decided_by FROM identity_decision ORDER BY id DESC"
    ).fetchone()
    assert (kind, who) == ("confirm", "Lin Wei") and first is not None
    assert {f"{left_source}:{left_id}", f"{right_source}:{right_id}"} == set(first.split("|"))
    page.click('[data-decide="undo"]')
    page.wait_for_selector(f"[data-pair='{first}']")
    assert state.execute(
        "SELECT count(*) FROM identity_decision WHERE undone_at IS NULL AND kind <> 'undo'"
    ).fetchone() == (0,)
    assert not opened.problems


def test_a_name_is_kept_while_the_panel_is_drawn_anew(desk: Desk) -> None:
    page = desk("/quality?lang=en").page
    page.fill("#decided-by", "")
    page.keyboard.type("Lin")
    panel = "document.querySelector('#panel-identity_pair h2')"
    page.evaluate(f"() => {{ window.before = {panel}; window.tandem.again(); }}")
    page.wait_for_function(f"() => {panel} && {panel} !== window.before")
    page.keyboard.type(" Wei")
    assert page.input_value("#decided-by") == "Lin Wei"


def test_rules_are_the_versions_own(desk: Desk, served: Served) -> None:
    rows: list[Any] = published(
        served.folder, "SELECT rule, rows_failed FROM ops.quality_result WHERE NOT passed ORDER BY rule"
    )
    page = desk("/quality?lang=zh").page
    shown = page.eval_on_selector_all(
        ".rules tr.fails", "rows => rows.map((row) => [row.dataset.rule, row.children[4].textContent])"
    )
    assert sorted((rule, int(text.replace(",", ""))) for rule, text in shown) == rows
