"""Companies thrown together from few words, so that everything collides: what must hold of their links all the same."""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import example, given, settings
from hypothesis import strategies as st

from data_access.identity.clusters import Edge, resolve
from data_access.identity.pairs_step import scored
from data_access.identity.policy import RULES

VALUES = {
    "source": ["crm", "crm2", "erp"],
    "words": ["acme tools gmbh", "acme tools", "acme tolos", "acme tools ag", "云禾机器人", "acme filiale", ""],
    "tax_key": ["", "", "136695976", "123456788", "777"],
    "tax_country": ["", "DE", "AT"],
    "country": ["", "de", "germany", "fr"],
    "region": ["", "nord"],
    "city": ["", "kiel", "hamburg", "上海"],
    "domains": ["", "acme.de", "acme.de gmail.com", "zeta.de"],
    "phones": ["", "403137146", "403137146 111111111"],
}
ROW = st.fixed_dictionaries({name: st.sampled_from(values) for name, values in VALUES.items()})
COMPANY = st.lists(ROW, max_size=12)


def columns(rows: list[dict[str, str]]) -> dict[str, Any]:
    """As the step reads them: ordered by source and id; a country only where there is a number."""
    named = [{**row, "source_id": f"{k:02}"} for k, row in enumerate(rows)]
    ordered = sorted(named, key=lambda row: (row["source"], row["source_id"]))
    for row in ordered:
        row["tax_country"] = row["tax_country"] if row["tax_key"] else ""
    found = {}
    for name in (*VALUES, "source_id"):
        found[name] = np.empty(len(ordered), dtype=object)
        found[name][:] = [row[name] for row in ordered]
    return found


def row(source: str, words: str, **more: str) -> dict[str, str]:
    return dict.fromkeys(VALUES, "") | {"source": source, "words": words} | more


NAMELESS_LAST = [
    row("crm", "acme tools gmbh"), row("crm", "acme tools gmbh", phones="403137146"), row("crm", "acme tolos"),
    row("crm2", "acme tools gmbh"), row("erp", "", phones="403137146"),
]  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(COMPANY)
@example(NAMELESS_LAST)
def test_links_contradict_no_tax_number_and_stay_the_same(rows: list[dict[str, str]]) -> None:
    given_columns = columns(rows)
    pairs = scored(given_columns).to_pylist()
    assert repr(pairs) == repr(scored(given_columns).to_pylist()), "the same rows get the same answer"
    place = {key: k for k, key in enumerate(zip(given_columns["source"], given_columns["source_id"], strict=True))}
    taxes = list(zip(given_columns["tax_country"], given_columns["tax_key"], strict=True))
    edges = []
    for row in pairs:
        left, right = place[row["left_source"], row["left_id"]], place[row["right_source"], row["right_id"]]
        assert left < right and 0 <= row["probability"] <= 1
        assert (row["rule"] == "") != (row["reason"] == ""), "a pair is certain, or it says why not"
        if row["rule"]:
            edges.append(Edge(left, right, row["rule"], row["confidence"], RULES.index(row["rule"])))
            assert given_columns["source"][left] != given_columns["source"][right] or row["rule"] in RULES[:3]
    found = resolve(edges, [], [f"{country}:{tax}" if tax else "" for country, tax in taxes])
    for k in range(len(rows)):
        numbers = {taxes[each] for each in found.sets.of(k) if taxes[each][1]}
        assert len({tax for _, tax in numbers}) <= 1
        assert len({country for country, _ in numbers} - {""}) <= 1
