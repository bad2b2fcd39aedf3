"""What is read of who is who: open questions, the crosswalk, match rates, decisions, and a customer's own history.

What people answer goes to data_access.identity_decisions.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from data_access.access import EVERYONE, Scope
from data_access.filters import NOTHING, Filters
from data_access.identity_decisions import SourceRecord, in_force
from data_access.reading import ask, read, rows
from data_access.result import Result

if TYPE_CHECKING:
    from data_access.snapshot import Snapshot
    from data_access.warehouse import Reader

# Why a pair was not certain (column `reason`); cluster: certain as a pair, but not together with others.
REASONS = (
    "tax_differs", "branch", "place", "form_differs", "country_differs", "numbers", "site", "not_unique", "taken",
    "one_sided", "name_differs", "low_score", "cluster",
)  # fmt: skip
RULES = ("manual", "tax_id", "domain_name", "phone_name", "exact_name", "score", "self", "none")


def candidates(reader: Reader | Snapshot, scope: Scope = EVERYONE, filters: Filters = NOTHING) -> Result:
    """Pairs of customers that may be one, the most money first. evidence: JSON, field -> same, near, alike, differs or
    null; left_domains, left_phones, ...: separated by spaces. notes: pairs, hidden_base (of all)."""
    result, facts = read(reader, scope, "quality/candidates", "quality/candidate_facts", filters=filters)
    return replace(result, notes={**result.notes, **rows(facts)[0]})


def open_pairs(version: Snapshot, scope: Scope = EVERYONE, filters: Filters = NOTHING) -> Result:
    """`candidates` without the pairs that somebody has decided since this version. notes: also `last`, the newest
    decision in force, and `chosen`, the pair that the filter `pair` names (left source:id|right source:id), else the
    first."""
    result = candidates(version, scope)
    done = in_force(version.live.state)
    told = {_pair(one.left, one.right) for one in done if one.right is not None}
    alone = {one.left for one in done if one.kind == "split"}
    sides = [
        (SourceRecord(row["left_source"], row["left_id"]), SourceRecord(row["right_source"], row["right_id"]))
        for row in rows(result)
    ]
    keep = [_pair(*both) not in told and not alone.intersection(both) for both in sides]
    frame = result.frame[keep]
    asked = next(iter(filters.values("pair")), None)
    names = [
        "|".join(f"{one.source}:{one.source_id}" for one in both)
        for both, kept in zip(sides, keep, strict=True)
        if kept
    ]
    place = names.index(asked) if asked in names else 0
    notes = {"chosen": place if names else None, "last": done[-1] if done else None, "pairs": len(frame)}
    hidden = float(frame["hidden_base"].sum()) if len(frame) else 0.0
    return replace(
        result, frame=frame, notes={**result.notes, **notes, "hidden_base": hidden}, etag=version.live.stamp()
    )


def _pair(one: SourceRecord, other: SourceRecord | None) -> frozenset[SourceRecord | None]:
    return frozenset((one, other))


def crosswalk(reader: Reader, scope: Scope = EVERYONE, filters: Filters = NOTHING) -> Result:
    """Every source customer with the customer it is: rule one of RULES, status auto, confirmed, review or rejected."""
    return read(reader, scope, "quality/crosswalk", filters=filters)[0]


def match_rate(reader: Reader, scope: Scope = EVERYONE, filters: Filters = NOTHING) -> Result:
    """One row a day, the published one last. account_rate, revenue_rate: 0 to 1, None where there is nothing to match.
    notes: rules, one a rule with accounts, confidence and revenue_12m."""
    result, rules = read(reader, scope, "quality/match_rate", "quality/match_rules", filters=filters)
    return replace(result, notes={**result.notes, "rules": rows(rules)})


def decisions(reader: Reader, scope: Scope = EVERYONE, filters: Filters = NOTHING) -> Result:
    """Decisions as the published version took them up, the newest first: status applied, overruled or record_gone."""
    return read(reader, scope, "quality/decisions", filters=filters)[0]


def link_history(reader: Reader, scope: Scope = EVERYONE, filters: Filters = NOTHING) -> Result:
    """The dated edges of one customer (filter `customer`); valid_to is NULL for those that hold."""
    return read(reader, scope, "quality/history", filters=filters)[0]


def fields(reader: Reader, scope: Scope = EVERYONE, filters: Filters = NOTHING) -> Result:
    """Where each field of one customer (filter `customer`) comes from: source, source_id, and rule erp_first or
    crm_first."""
    return read(reader, scope, "quality/fields", filters=filters)[0]


def current_id(reader: Reader, customer: str, scope: Scope = EVERYONE) -> str | None:
    """The id under which a customer is known now: links that changed may have given it another. None: never known."""
    found = rows(ask(reader.pinned(), "quality/current_id", scope, customer=customer))
    return str(found[0]["customer_id"]) if found else None


def is_known(reader: Reader, record: SourceRecord, scope: Scope = EVERYONE) -> bool:
    """Whether its source has it, or once had: what is gone may come back, and what was decided of it waits."""
    found = ask(reader.pinned(), "quality/record_known", scope, source=record.source, source_id=record.source_id)
    return bool(rows(found)[0]["is_known"])
