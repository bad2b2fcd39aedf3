"""What people ask: pauses that outlive the process, reloads, replays, and who asked for them."""

from __future__ import annotations

import json
from typing import Any

import duckdb
import pytest

from data_access import control, feed_state, health
from data_access.errors import NotFound, QueryError
from data_access.state import State
from tests.data_access.sync.conftest import Tiny
from tests.data_access.sync.shop import Shop
from tests.data_access.sync.watched import configure, published, until, watching


@pytest.fixture
def slow(tiny: Tiny) -> Tiny:
    """Read by itself only every hour, so that whatever happens was asked for."""
    configure(tiny, 'name = "erp"', 'name = "erp"\nevery = "1h"')
    return tiny


@pytest.fixture
def quick(tiny: Tiny) -> Tiny:
    configure(tiny, 'name = "erp"', 'name = "erp"\nevery = "200ms"')
    return tiny


def state_of(tiny: Tiny) -> State:
    return State(tiny.config.state_path)


def ask(tiny: Tiny, action: str, stream: str | None = None, **more: bool) -> int:
    return control.ask(tiny.config, state_of(tiny), action, "erp", stream, "Ann", **more)


def result(tiny: Tiny, request: int) -> str:
    (row,) = state_of(tiny).execute("SELECT result FROM request WHERE id = ?", (request,))
    return str(row["result"])


def test_a_pause_outlives_the_process_and_is_never_called_healthy(quick: Tiny) -> None:
    state = state_of(quick)
    with watching(quick):
        until(published(quick, "P01"))
        ask(quick, "pause", "customer")
    quick.party(1, "Held back", "2026-05-01 00:00:00")
    quick.sql("UPDATE category SET label = 'Let through' WHERE code = 'A'")
    with watching(quick):
        until(lambda: quick.read("SELECT name FROM core.warehouse WHERE warehouse_id = 'A'") == [("Let through",)])
        assert "Held back" not in quick.names()
        party = {feed.stream: feed for feed in feed_state.feeds(quick.config, state)}["party"]
        assert (party.status, party.paused_by, party.overdue_seconds) == ("paused", "Ann", 0)
        (erp,) = health.sources(quick.config, state)
        assert (erp.status, erp.paused_streams) == ("late", ("party",))
        assert feed_state.backlog(quick.config, state).streams_paused == 1
        report = ask(quick, "run", "category")
        until(lambda: result(quick, report) == "done")
        with pytest.raises(QueryError, match="paused"):
            ask(quick, "run", "party")
        ask(quick, "resume", "party")
        until(published(quick, "Held back"))
        assert health.sources(quick.config, state)[0].paused_streams == ()
    told = [(row["kind"], row["asked_by"]) for row in state.execute("SELECT kind, asked_by FROM request ORDER BY id")]
    assert told == [("pause", "Ann"), ("resync", "Ann"), ("resume", "Ann")]


def test_a_paused_source_is_left_out_of_a_single_sync_aloud(tiny: Tiny) -> None:
    tiny.sync()
    ask(tiny, "pause")
    tiny.party(1, "Held back", "2026-05-01 00:00:00")
    report = tiny.sync()
    assert report.streams == [] and any("erp is paused since" in each and "Ann" in each for each in report.warnings)
    ask(tiny, "resume")
    tiny.sync()
    assert "Held back" in tiny.names()


def test_resuming_a_source_ends_the_pauses_of_its_streams(tiny: Tiny) -> None:
    ask(tiny, "pause", "party")
    ask(tiny, "pause")
    with pytest.raises(QueryError, match="not paused"):
        ask(tiny, "resume", "category")
    ask(tiny, "resume")
    assert control.pauses(state_of(tiny)).all == ()


def test_unknown_names_come_with_the_known_ones(tiny: Tiny) -> None:
    state = state_of(tiny)
    for action, source, stream, known in (
        ("stop", "erp", None, "pause"), ("run", "hr", None, "erp"), ("run", "erp", "orders", "party"),
    ):  # fmt: skip
        with pytest.raises(NotFound) as caught:
            control.ask(tiny.config, state, action, source, stream, "Ann")
        assert known in caught.value.hint
    assert state.take_requests() == []


def test_a_stream_is_read_again_on_request(slow: Tiny) -> None:
    with watching(slow):
        until(published(slow, "P01"))
        slow.party(1, "Asked for", "2026-05-01 00:00:00")
        slow.sql("UPDATE category SET label = 'Not asked for' WHERE code = 'A'")
        request = ask(slow, "run", "party")
        until(published(slow, "Asked for"))
        until(lambda: result(slow, request) == "done")
        assert slow.read("SELECT name FROM core.warehouse WHERE warehouse_id = 'A'") == [("Alpha",)]


def test_a_reload_reads_everything_while_the_old_goes_on_serving(slow: Tiny) -> None:
    with watching(slow):
        until(published(slow, "P01"))
        slow.sql("UPDATE party SET name = 'Changed unseen' WHERE id = 7", "DELETE FROM party WHERE id = 8")
        run = ask(slow, "run", "party")
        until(lambda: result(slow, run) == "done")
        until(lambda: "P08" not in slow.names())
        assert "Changed unseen" not in slow.names()  # its change instant did not move
        reload = ask(slow, "reload", "party")
        until(published(slow, "Changed unseen"))
        until(lambda: result(slow, reload) == "done")
        assert len(slow.names()) == 29
        streams = [row for row in state_of(slow).streams() if row["entity"] == "party"]
        assert streams[0]["read"] >= 29 and (streams[0]["updated"], streams[0]["unchanged"]) == (1, 28)


def test_rejected_rows_are_tried_again_on_request(slow: Tiny) -> None:
    slow.party(5, "Bad money", "2026-02-01 00:00:00", credit="a lot")
    with watching(slow):
        until(published(slow, "P01"))
        assert "Bad money" not in slow.names()
        state = state_of(slow)
        until(lambda: [f.rejects_open for f in feed_state.feeds(slow.config, state) if f.stream == "party"] == [1])
        slow.sql("UPDATE party SET credit = '7.00' WHERE id = 5")
        request = ask(slow, "replay", "party")
        until(published(slow, "Bad money"))
        until(lambda: result(slow, request) == "done")
        until(lambda: slow.read("SELECT count(*) FROM ops.rejected_row WHERE resolved_at IS NULL") == [(0,)])


@pytest.fixture
def missed(shop: Shop) -> Shop:
    """Keys are seldom swept: a row with an old change instant, and one taken out of landing by hand, are missed."""
    shop.change_profile(("[stream.line]\n", '[stream.line]\nsweep_every = "365d"\n'))
    path = shop.folder / "tandem.toml"
    path.write_text(path.read_text(encoding="utf-8").replace('name = "erp"', 'name = "erp"\nevery = "1h"'))
    shop.change_config("")
    shop.sync()
    shop.line(1, 3, "1", "5.00", "2026-01-02")
    with duckdb.connect(str(shop.config.warehouse.path / "landing.duckdb")) as con:
        assert con.execute("DELETE FROM erp__line WHERE _key = '3|1'").fetchone() == (1,)
    return shop


def answered(state: State, request: int) -> str:
    """What became of a request, once it is finished."""
    query = "SELECT result FROM request WHERE id = ? AND finished_at IS NOT NULL"
    (row,) = until(lambda: state.execute(query, (request,)))
    return str(row["result"])


def differing(shop: Shop) -> dict[int, list[str]]:
    """Day of January -> keys that the published comparison found missing."""
    query = "SELECT day, found FROM ops.reconciliation WHERE kind = 'day' AND NOT agrees AND entity = 'line'"
    return {day.day: json.loads(found)["missing"] for day, found in shop.read(query)}


def test_missed_rows_are_named_by_a_comparison_and_pulled_on_request(missed: Shop) -> None:
    state = State(missed.config.state_path)

    def asked(action: str, stream: str | None, *keys: str) -> dict[str, Any]:
        request = control.ask(missed.config, state, action, "erp", stream, "Ann", keys=keys)
        assert answered(state, request) == "done"
        (row,) = state.execute("SELECT body, asked_by FROM request WHERE id = ?", (request,))
        assert row["asked_by"] == "Ann"
        body: dict[str, Any] = json.loads(row["body"])
        return body

    with watching(missed):
        until(lambda: any(run["status"] != "running" for run in state.runs(1)))
        assert differing(missed) == {}
        assert asked("compare", None)["streams"] == ["sale", "line"]  # those that are compared by day
        until(lambda: differing(missed) == {2: ["1|3"], 4: ["3|1"]})
        assert asked("pull", "line", "1|3") == {"source": "erp", "streams": ["line"], "keys": ["1|3"]}
        until(lambda: differing(missed) == {4: ["3|1"]})
        assert missed.read("SELECT amount FROM core.line WHERE line_id = '1/3'")[0][0] == 5
        assert asked("pull", "line")["streams"] == ["line"]
        until(lambda: differing(missed) == {})
        assert missed.read("SELECT count(*) FROM core.line") == [(25,)]
    told = control.last_asked(state, "erp", "line", ("pull", "compare"))
    assert told is not None and (told["kind"], told["result"], told["asked_by"]) == ("pull", "done", "Ann")
    assert control.last_asked(state, "erp", "product", ("pull", "compare")) is None


def test_what_is_asked_of_a_source_that_is_away_fails_with_its_reason(missed: Shop) -> None:
    state = State(missed.config.state_path)
    with watching(missed):
        until(lambda: any(run["status"] != "running" for run in state.runs(1)))
        missed.sql("DROP TABLE sale_line")
        for action, keys in (("compare", []), ("pull", ["3|1"])):
            assert (
                answered(state, control.ask(missed.config, state, action, "erp", "line", "Ann", keys=keys)) == "failed"
            )
            until(lambda: "sale_line" in state.runs(1)[0]["error"])
        assert missed.read("SELECT count(*) FROM core.line") == [(24,)]


def test_a_paused_stream_is_neither_pulled_nor_compared(missed: Shop) -> None:
    state = State(missed.config.state_path)
    control.ask(missed.config, state, "pause", "erp", "line", "Ann")
    with pytest.raises(QueryError, match="paused"):
        control.ask(missed.config, state, "pull", "erp", "line", "Ann", keys=["3|1"])
    with watching(missed):
        assert answered(state, control.ask(missed.config, state, "pull", "erp", None, "Ann")) == "done"
    assert missed.landed("SELECT count(*) FROM erp__line WHERE _key = '3|1'") == [(0,)]


@pytest.mark.parametrize(
    ("action", "stream", "keys", "why"),
    [
        ("compare", "product", [], "cannot be compared"), ("pull", "product", [], "cannot be compared"),
        ("pull", None, ["1|1"], "of one stream"), ("compare", "line", ["1|1"], "rows to pull"),
        ("run", "line", ["1|1"], "rows to pull"), ("pull", "line", ["1"], "no key"),
        ("pull", "line", ["1|1", "1|x"], "no key"), ("pull", "line", ["1|1|1"], "no key"),
        ("pull", "line", ["1|1"] * 1001, "too many"), ("pull", "sales_order_line", ["1|1"], "of one stream"),
    ],
)  # fmt: skip
def test_what_cannot_be_pulled_or_compared_is_refused(
    shop: Shop, action: str, stream: str | None, keys: list[str], why: str
) -> None:
    state = State(shop.config.state_path)
    with pytest.raises(QueryError, match=why) as caught:
        control.ask(shop.config, state, action, "erp", stream, "Ann", keys=keys)
    assert caught.value.hint and state.take_requests() == []


def test_a_request_that_nobody_can_do_says_so(slow: Tiny) -> None:
    state = state_of(slow)
    with watching(slow):
        until(published(slow, "P01"))
        strange = state.add_request("dance", {"source": "erp"})
        nobody = state.add_request("resync", {"source": "erp", "streams": ["no_such"]})
        until(lambda: result(slow, strange) == "unknown request" and result(slow, nobody) == "unknown stream")


def test_stopped_deletes_are_agreed_to_by_request(slow: Tiny) -> None:
    with watching(slow):
        until(published(slow, "P01"))
        slow.sql("DELETE FROM party WHERE id > 10")
        request = ask(slow, "run")
        until(lambda: result(slow, request) == "failed")
        party = {feed.stream: feed for feed in feed_state.feeds(slow.config, state_of(slow))}["party"]
        assert (party.cause, party.status, len(slow.names())) == ("guard", "failing", 30)
        request = ask(slow, "run", "party", accept_deletes=True)
        until(lambda: result(slow, request) == "done")
        until(lambda: len(slow.names()) == 10)
        slow.sql("DELETE FROM party WHERE id > 4")
        request = ask(slow, "run")
        until(lambda: result(slow, request) == "failed")  # the agreement was for that one read
