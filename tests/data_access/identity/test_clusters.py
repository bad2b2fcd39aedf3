"""What holds however records, certain pairs and decisions fall together."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from data_access.identity.clusters import MOST_MEMBERS, Decision, Edge, Resolved, resolve
from data_access.identity.links import Record, links
from data_access.identity.policy import RULES

N = 9
START = datetime(2026, 1, 1, tzinfo=UTC)
PAIR = st.tuples(st.integers(0, N - 1), st.integers(0, N - 1)).filter(lambda pair: pair[0] != pair[1])
EDGES = st.lists(st.tuples(PAIR, st.integers(0, len(RULES) - 1), st.integers(900, 999)), max_size=14)
KINDS = st.sampled_from(["confirm", "confirm", "reject", "split"])
DECISIONS = st.lists(st.tuples(KINDS, PAIR), max_size=7)
TAXES = st.lists(st.sampled_from(["", "", ":1", "DE:1", "AT:1", ":2"]), min_size=N, max_size=N)


def edges_of(given_edges: list[tuple[tuple[int, int], int, int]]) -> list[Edge]:
    return [Edge(min(pair), max(pair), RULES[k], c / 1000, k) for pair, k, c in given_edges]


def decisions_of(given_decisions: list[tuple[str, tuple[int, int]]]) -> list[Decision]:
    return [
        Decision(k, kind, pair[0], None if kind == "split" else pair[1], "eva", START + timedelta(hours=k))
        for k, (kind, pair) in enumerate(given_decisions)
    ]


def groups(found: Resolved) -> set[frozenset[int]]:
    return {frozenset(found.sets.of(k)) for k in range(N)}


def contradict(one: str, other: str) -> bool:
    (a, x), (b, y) = one.split(":"), other.split(":")
    return x != y or (a != b and "" not in (a, b))


@settings(max_examples=300, deadline=None)
@given(EDGES, DECISIONS, TAXES)
def test_links_are_an_equivalence_and_keep_their_limits(e: list, d: list, taxes: list[str]) -> None:
    edges, decisions = edges_of(e), decisions_of(d)
    found = resolve(edges, decisions, taxes)
    assert sorted(k for group in groups(found) for k in group) == list(range(N))
    for group in groups(found):
        tree = [edge for edge in found.tree if edge.left in group]
        assert len(tree) == len(group) - 1, "a customer is held together by one edge less than it has records"
        if all(edge.decided_by is None for edge in tree):
            assert len(group) <= MOST_MEMBERS
            numbers = [taxes[k] for k in group if taxes[k]]
            assert not any(contradict(one, other) for one in numbers for other in numbers)
    for one in decisions:
        if one.id not in found.overruled:
            together = one.right is not None and one.right in found.sets.of(one.left)
            assert together == (one.kind == "confirm")
            if one.kind == "split":
                assert found.sets.of(one.left) == {one.left}


@settings(max_examples=200, deadline=None)
@given(EDGES, DECISIONS, TAXES, st.randoms(use_true_random=False))
def test_the_order_of_what_is_given_changes_nothing(e: list, d: list, taxes: list[str], rng) -> None:
    edges, decisions = edges_of(e), decisions_of(d)
    first = resolve(edges, decisions, taxes)
    rng.shuffle(edges)
    rng.shuffle(decisions)
    again = resolve(edges, decisions, taxes)
    assert groups(first) == groups(again) and first.overruled == again.overruled


@settings(max_examples=200, deadline=None)
@given(EDGES, DECISIONS, TAXES)
def test_the_last_decision_always_holds(e: list, d: list, taxes: list[str]) -> None:
    decisions = decisions_of(d)
    found = resolve(edges_of(e), decisions, taxes)
    assert not decisions or decisions[-1].id not in found.overruled


@settings(max_examples=200, deadline=None)
@given(EDGES, DECISIONS, TAXES)
def test_every_record_has_one_customer_and_an_erp_s_id_where_there_is_one(e: list, d: list, taxes: list[str]) -> None:
    decisions = decisions_of(d)
    found = resolve(edges_of(e), decisions, taxes)
    records = [Record("erp" if k % 2 else "crm", str(k), "erp" if k % 2 else "crm", taxes[k]) for k in range(N)]
    rows = links(records, found, [], decisions)
    assert [(row["source"], row["source_id"]) for row in rows] == [(r.source, r.source_id) for r in records]
    for k in range(N):
        members = found.sets.of(k)
        assert {rows[each]["customer_id"] for each in members} == {rows[k]["customer_id"]}
        assert rows[k]["customer_id"].startswith("erp") == any(each % 2 for each in members)
        assert sum(rows[each]["rule"] == "self" for each in members) == 1


def test_the_id_stays_with_the_record_that_lent_it_first() -> None:
    found = resolve([Edge(0, 1, "domain_name", 0.98, 1)], [], ["", ""])
    records = [Record("erp", "1", "erp", ""), Record("erp", "2", "erp", "", START)]
    assert {row["customer_id"] for row in links(records, found, [], [])} == {"erp:2"}


def test_six_alike_records_are_not_one_customer() -> None:
    chain = [Edge(k, k + 1, "domain_name", 0.98, 1) for k in range(MOST_MEMBERS)]
    assert all(len(group) == 1 for group in groups(resolve(chain, [], [""] * N)))
    assert {len(group) for group in groups(resolve(chain[:-1], [], [""] * N))} == {1, MOST_MEMBERS}
