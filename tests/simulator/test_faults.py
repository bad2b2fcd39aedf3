"""Every fault does what it says, and leaves the truth around it alone."""

from __future__ import annotations

import json
import math
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest

from tests.simulator import Fault, Simulator
from tests.simulator.jdy_form import Form

HTTP = httpx.Client(timeout=20)


@pytest.fixture
def form(sim: Simulator) -> Form:
    jdy = sim.jiandaoyun(api_key="key-1", per_endpoint=None, total=None)
    made = jdy.form(app="销售", name="订单", fields={"单号": "text", "数量": "number", "明细": {"产品": "text"}})
    made.insert_many({"单号": f"SO-{n}", "数量": n, "明细": [{"产品": f"P{n}"}]} for n in range(5))
    return made


def ask(form: Form, **body: Any) -> httpx.Response:
    asked = {"app_id": form.app_id, "entry_id": form.entry_id, "limit": 3, **body}
    headers = {"Authorization": "Bearer key-1"}
    return HTTP.post(f"{form.system.base_url}/v5/app/entry/data/list", json=asked, headers=headers)


def page(form: Form, **body: Any) -> list[dict[str, Any]]:
    return ask(form, **body).json()["data"]


def ids(rows: list[dict[str, Any]]) -> list[str]:
    return [row["_id"] for row in rows]


def true_ids(form: Form) -> list[str]:
    return [row["_id"] for row in form.rows]


def test_an_unknown_fault_is_named() -> None:
    with pytest.raises(ValueError, match="no fault 'sulk'"):
        Fault("sulk")


def test_a_fault_strikes_so_often_after_so_many(sim: Simulator, form: Form) -> None:
    sim.fault(Fault("status", match="data/list", times=2, after=1, code=502))
    assert [ask(form).status_code for _ in range(5)] == [200, 502, 502, 200, 200]
    assert [seen.status for seen in sim.requests] == [200, 502, 502, 200, 200]
    assert sim.requests[1].faults == ("status",) and sim.requests[1].system == "jiandaoyun"


def test_a_fault_may_aim_at_one_object(sim: Simulator, form: Form) -> None:
    other = form.system.form(app="销售", name="客户", fields={"名称": "text"})
    sim.fault(Fault("status", match="销售/客户", code=500))
    assert (ask(form).status_code, ask(other).status_code) == (200, 500)
    sim.clear_faults()
    assert ask(other).status_code == 200


def test_a_status_may_bring_its_own_body_and_retry_after(sim: Simulator, form: Form) -> None:
    sim.fault(Fault("status", times=1, code=429, retry_after=7, body="slow down"))
    told = ask(form)
    assert (told.status_code, told.headers["Retry-After"], told.text) == (429, "7", "slow down")
    sim.fault(Fault("status", times=1, code=4815))
    assert (ask(form).status_code, ask(form).status_code) == (400, 200)


def test_refusals_are_the_systems_own(sim: Simulator, form: Form) -> None:
    sim.fault(Fault("unauthorized", times=1))
    assert ask(form).json()["code"] == 8301
    sim.fault(Fault("quota", times=1))
    assert ask(form).json()["code"] == 8303


def test_slow_is_late_but_whole(sim: Simulator, form: Form) -> None:
    sim.fault(Fault("slow", times=1, seconds=0.4))
    with pytest.raises(httpx.ReadTimeout):
        httpx.post(f"{form.system.base_url}/v5/app/list", json={}, timeout=0.2)
    sim.fault(Fault("slow", times=1, seconds=0.0, drip=True))
    assert ids(page(form, limit=1)) == true_ids(form)[:1]


def test_truncated_is_sound_http_with_half_a_json(sim: Simulator, form: Form) -> None:
    sim.fault(Fault("truncated", times=1))
    told = ask(form)
    assert told.status_code == 200 and len(told.content) == int(told.headers["Content-Length"])
    with pytest.raises(json.JSONDecodeError):
        told.json()
    assert ids(page(form)) == true_ids(form)[:3]


def test_hang_up_ends_the_connection_in_mid_body(sim: Simulator, form: Form) -> None:
    sim.fault(Fault("hang_up", times=1))
    with pytest.raises(httpx.RemoteProtocolError):
        ask(form)
    assert ids(page(form)) == true_ids(form)[:3]


def test_html_is_a_login_page(sim: Simulator, form: Form) -> None:
    sim.fault(Fault("html", times=1))
    told = ask(form)
    assert told.status_code == 200 and told.headers["Content-Type"].startswith("text/html")
    assert told.text.startswith("<!DOCTYPE html>")


def test_redirect_points_elsewhere(sim: Simulator, form: Form) -> None:
    sim.fault(Fault("redirect", times=1, to="http://169.254.169.254/latest"))
    told = ask(form)
    assert (told.status_code, told.headers["Location"]) == (302, "http://169.254.169.254/latest")


def test_nan_replaces_numbers_only(sim: Simulator, form: Form) -> None:
    sim.fault(Fault("nan", times=1))
    told = ask(form)
    assert "NaN" in told.text
    assert all(math.isnan(row[form.wire_name("数量")]) for row in told.json()["data"])
    assert ids(told.json()["data"]) == true_ids(form)[:3]


def test_gzip_bomb_expands(sim: Simulator, form: Form) -> None:
    sim.fault(Fault("gzip_bomb", times=1, mb=8))
    told = ask(form)
    assert int(told.headers["Content-Length"]) < 100_000 and len(told.content) > 8 * 1_048_576
    assert ids(told.json()["data"]) == true_ids(form)[:3]


def test_wrong_schema_drops_renames_and_retypes(sim: Simulator, form: Form) -> None:
    name = form.names()
    sim.fault(Fault("wrong_schema", times=1, drop="单号"))
    assert all(name["单号"] not in row and name["数量"] in row for row in page(form))
    sim.fault(Fault("wrong_schema", times=1, rename=("单号", "order_no")))
    assert [row["order_no"] for row in page(form)] == ["SO-0", "SO-1", "SO-2"]
    sim.fault(Fault("wrong_schema", times=1, retype="数量", to="many"))
    assert [row[name["数量"]] for row in page(form)] == ["many"] * 3
    sim.fault(Fault("wrong_schema", times=1, within="明细", drop="产品"))
    assert all(list(line) == ["_id"] for row in page(form) for line in row[name["明细"]])


def test_repeated_cursor_answers_the_same_page_for_ever(sim: Simulator, form: Form) -> None:
    sim.fault(Fault("repeated_cursor"))
    first = true_ids(form)[:3]
    cursor = ""
    for _ in range(4):
        assert ids(page(form, data_id=cursor)) == first
        cursor = first[-1]


def test_endless_pages_are_always_full_and_ascend(sim: Simulator, form: Form) -> None:
    sim.fault(Fault("endless_pages"))
    seen: list[str] = []
    for _ in range(5):
        rows = page(form, data_id=seen[-1] if seen else "")
        assert len(rows) == 3
        seen += ids(rows)
    assert seen[:5] == true_ids(form) and seen == sorted(set(seen))


def test_empty_pages_hide_rows_that_exist(sim: Simulator, form: Form) -> None:
    sim.fault(Fault("empty_pages", times=1))
    assert page(form) == [] and len(page(form)) == 3


def test_duplicate_rows_come_with_other_content(sim: Simulator, form: Form) -> None:
    sim.fault(Fault("duplicate_rows", times=1))
    rows = page(form)
    first = true_ids(form)[0]
    assert ids(rows) == [first, first, *true_ids(form)[1:3]]
    assert [row[form.wire_name("单号")] for row in rows[:2]] == ["SO-0", "SO-0 (again)"]


def test_harmless_oddities_keep_every_value(sim: Simulator, form: Form) -> None:
    plain = ask(form).json()
    sim.fault(Fault("reorder_keys", times=1))
    odd = ask(form).json()
    assert odd == plain and list(odd["data"][0]) == list(plain["data"][0])[::-1]
    sim.fault(Fault("unknown_fields", times=1))
    strange = ask(form).json()
    assert set(strange) > set(plain)
    assert [{n: v for n, v in row.items() if n != "x_brand_new"} for row in strange["data"]] == plain["data"]


def test_skew_moves_the_sources_clock(sim: Simulator, form: Form) -> None:
    assert ask(form).headers["Date"] == "Sun, 01 Mar 2026 08:00:00 GMT"
    sim.fault(Fault("skew", seconds=-3600))
    sim.skew = 60
    assert ask(form).headers["Date"] == "Sun, 01 Mar 2026 07:01:00 GMT"
    form.insert({"单号": "SO-9"})
    assert form.rows[-1]["createTime"] == "2026-03-01T07:01:00.123Z"
    sim.clear_faults()
    assert ask(form).headers["Date"] == "Sun, 01 Mar 2026 08:01:00 GMT"


def test_late_commits_show_later_with_their_older_time(sim: Simulator, form: Form, clock: Any) -> None:
    first, second = true_ids(form)[:2]
    sim.fault(Fault("late_commit", match="销售/订单", times=3, requests=2))
    made = form.insert({"单号": "SO-late"})
    form.update(first, {"单号": "SO-changed"})
    form.delete(second)
    clock.pass_(60)
    prompt = form.insert({"单号": "SO-prompt"})
    number = form.wire_name("单号")
    for _ in range(2):
        shown = {row["_id"]: row[number] for row in page(form, limit=100)}
        assert made not in shown and prompt in shown and shown[first] == "SO-0" and second in shown
    shown = {row["_id"]: row[number] for row in page(form, limit=100)}
    assert set(shown) == set(true_ids(form)) and shown[first] == "SO-changed" and made < prompt


def test_clearing_commits_what_was_late(sim: Simulator, form: Form) -> None:
    sim.fault(Fault("late_commit", requests=50))
    made = form.insert({"单号": "SO-late"})
    assert made not in ids(page(form, limit=100))
    sim.clear_faults()
    assert made in ids(page(form, limit=100))


def test_a_stopped_source_comes_back_with_its_data(sim: Simulator, form: Form) -> None:
    assert len(page(form)) == 3
    url = sim.url
    sim.stop()
    with pytest.raises(httpx.TransportError):
        ask(form)
    sim.start()
    assert sim.url == url and len(page(form)) == 3


def test_the_same_page_for_one_object_is_not_another_objects(sim: Simulator, form: Form) -> None:
    other = form.system.form(app="销售", name="客户", fields={"名称": "text"})
    other.insert({"名称": "甲"})
    sim.fault(Fault("repeated_cursor"))
    assert ids(page(form)) == true_ids(form)[:3] and ids(page(other)) == true_ids(other)


def test_many_clients_read_while_rows_change(sim: Simulator, form: Form) -> None:
    with ThreadPoolExecutor(8) as clients:
        reading = [clients.submit(page, form, limit=100) for _ in range(60)]
        for number in range(60):
            form.update(form.insert({"单号": f"SO-n{number}"}), {"数量": number})
        pages = [one.result() for one in reading]
    assert all(ids(rows) == sorted(set(ids(rows))) for rows in pages)
    assert len(sim.requests) == 60 and len(page(form, limit=100)) == 65


def test_paths_of_no_system_are_not_found(sim: Simulator, form: Form) -> None:
    assert HTTP.get(f"{sim.url}/nowhere").status_code == 404
