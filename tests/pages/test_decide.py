"""Decisions of who is who over HTTP: kept with who made them, refused from elsewhere, mistakes told."""

from __future__ import annotations

from typing import Any

import pytest
from werkzeug.test import TestResponse

from data_access.identity_decisions import decisions, in_force
from tests.pages.conftest import LAN, Site

PAIR = {"left": "erp:K-1", "right": "crm:0f9:a", "who": "Lin Wei"}


def decide(site: Site, kind: str, body: Any, **more: Any) -> TestResponse:
    return site.open("POST", f"/api/v1/identity/{kind}", json=body, **more)


def test_a_decision_is_kept_with_who_made_it_and_can_be_undone(site: Site) -> None:
    answer = decide(site, "confirm", PAIR | {"note": "same address"})
    assert answer.status_code == 201
    made = decisions(site.services.state)[0]
    assert (made.kind, made.left.source_id, made.right.source_id) == ("confirm", "K-1", "0f9:a")  # type: ignore[union-attr]
    assert (made.decided_by, made.note, answer.json["id"]) == ("Lin Wei", "same address", made.id)
    undone = decide(site, "undo", {"decision": made.id, "who": "Chen Yu"})
    assert undone.status_code == 201 and all(one.id != made.id for one in in_force(site.services.state))
    assert decide(site, "undo", {"decision": made.id, "who": "Chen Yu"}).status_code == 400


def test_a_record_is_split_without_a_second_one(site: Site) -> None:
    assert decide(site, "split", {"left": "crm:7", "who": "Lin Wei"}).status_code == 201
    assert decisions(site.services.state)[0].right is None


def test_a_record_that_is_gone_may_be_decided_on(site: Site) -> None:
    assert decide(site, "reject", PAIR | {"left": "erp:K-9"}).status_code == 201


@pytest.mark.parametrize(
    ("kind", "body", "error"),
    [
        ("confirm", [1], "a decision is"),
        ("confirm", PAIR | {"who": "  "}, "needs a name"),
        ("confirm", PAIR | {"who": 7}, '"who" is missing'),
        ("confirm", PAIR | {"right": "erp:K-1"}, "two different records"),
        ("confirm", {"left": "erp:K-1", "who": "x"}, '"right" is missing'),
        ("reject", PAIR | {"left": "other:1"}, '"left" names no record'),
        ("reject", PAIR | {"left": "erp:"}, '"left" names no record'),
        ("reject", PAIR | {"left": "erp:K-2"}, 'erp has no customer "K-2"'),
        ("split", {"left": "crm:K-1", "who": "x"}, 'crm has no customer "K-1"'),
        ("undo", {"who": "x"}, '"decision" is missing'),
        ("undo", {"who": "x", "decision": True}, '"decision" is missing'),
        ("undo", {"who": "x", "decision": 2**70}, '"decision" is missing'),
        ("undo", {"who": "x", "decision": 4711}, "no decision 4711"),
        ("split", PAIR, 'it has no "right"'),
        ("confirm", PAIR | {"left": "erp:\ud800"}, "half a character"),
        ("merge", PAIR, 'no decision "merge"'),
    ],
)
def test_what_is_no_decision_is_told(site: Site, kind: str, body: Any, error: str) -> None:
    before = decisions(site.services.state)
    answer = decide(site, kind, body)
    assert answer.status_code == 400 and set(answer.json) == {"error", "hint"} and error in answer.json["error"]
    assert decisions(site.services.state) == before


def test_an_undo_that_nobody_signs_takes_nothing_back(site: Site) -> None:
    made = decide(site, "confirm", PAIR).json["id"]
    before = decisions(site.services.state)
    assert decide(site, "undo", {"decision": made, "who": "  "}).status_code == 400
    assert decisions(site.services.state) == before
    assert decide(site, "undo", {"decision": made, "who": "x"}).status_code == 201


def test_only_from_this_machine_and_this_site(site: Site) -> None:
    before = decisions(site.services.state)
    assert decide(site, "confirm", PAIR, remote=LAN).status_code == 403
    assert decide(site, "confirm", PAIR, headers={"Origin": "https://evil.example"}).status_code == 403
    assert decide(site, "confirm", PAIR, headers={"Sec_Fetch_Site": "cross-site"}).status_code == 403
    assert decide(site, "confirm", PAIR, headers={"Sec_Fetch_Site": "same-site"}).status_code == 403
    assert decide(site, "confirm", PAIR, headers={"X_Forwarded_For": "127.0.0.1"}).status_code == 403
    assert decisions(site.services.state) == before
