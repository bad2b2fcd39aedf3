"""Data quality: what the page `/quality` reads; each function one panel's rows.

notes of every result: today (the published business day), early_estimate (days of orders, while under 14).
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pandas as pd

from data_access.access import EVERYONE, Scope
from data_access.filters import NOTHING, Filters
from data_access.reading import read, rows
from data_access.result import Result

if TYPE_CHECKING:
    from data_access.warehouse import Reader


def kpis(reader: Reader, scope: Scope = EVERYONE) -> Result:
    """One row: match rates of today, open questions and what they hide, rules that fail, rows held back."""
    result, *facts = read(
        reader, scope, "quality/match_rate", "quality/candidate_facts", "quality/rules_facts", "feeds/held"
    )
    days, pairs, judged, held = rows(result), rows(facts[0])[0], rows(facts[1])[0], rows(facts[2])
    today = days[-1] if days else dict.fromkeys(("account_rate", "revenue_rate", "accounts", "accounts_matched"))
    told = {
        "revenue_rate": today["revenue_rate"], "account_rate": today["account_rate"], "accounts": today["accounts"],
        "matched": today["accounts_matched"], "held": sum(int(row["rows"]) for row in held),
    }  # fmt: skip
    return replace(result, frame=pd.DataFrame([told | pairs | judged]))


def match_rate(reader: Reader, scope: Scope = EVERYONE) -> Result:
    """One row a day, see identity_review."""
    return read(reader, scope, "quality/match_rate")[0]


def rules(reader: Reader, scope: Scope = EVERYONE) -> Result:
    """One row per rule, those that fail first. notes: rules_pass, rules, rules_failed, rules_failed_high."""
    result, facts = read(reader, scope, "quality/rules", "quality/rules_facts")
    return replace(result, notes={**result.notes, **rows(facts)[0]})


def rules_trend(reader: Reader, scope: Scope = EVERYONE) -> Result:
    """One row per day and severity ("all": of all rules), oldest first."""
    return read(reader, scope, "quality/rules_trend")[0]


def rejected_groups(reader: Reader, scope: Scope = EVERYONE, filters: Filters = NOTHING) -> Result:
    """One row per cause of open rejects, the most rows first; notes: held, how many rows they are together."""
    result, held = read(reader, scope, "quality/rejected_groups", "feeds/held", filters=filters)
    shown = {(row["source"], row["entity"]) for row in rows(result)}
    together = sum(int(row["rows"]) for row in rows(held) if (row["source"], row["entity"]) in shown)
    return replace(result, notes={**result.notes, "held": together})


def rejected_rows(reader: Reader, scope: Scope = EVERYONE, filters: Filters = NOTHING) -> Result:
    """One row per reject with its payload, open ones first."""
    return read(reader, scope, "quality/rejected_rows", filters=filters)[0]


def reconciliation(reader: Reader, scope: Scope = EVERYONE, filters: Filters = NOTHING) -> Result:
    """One row per feed and day that does not agree with the source. notes: completeness, days_compared, days_agreed."""
    names = ("quality/reconciliation", "quality/completeness")
    result, feeds = read(reader, scope, *names, filters=filters)
    told = next((row for row in rows(feeds) if row["source"] is None), {})
    every = {name: told.get(name) for name in ("completeness", "days_compared", "days_agreed")}
    return replace(result, notes={**result.notes, **every})


def completeness(reader: Reader, scope: Scope = EVERYONE, filters: Filters = NOTHING) -> Result:
    """One row per feed, and one of all whose source is NULL."""
    return read(reader, scope, "quality/completeness", filters=filters)[0]


def schema_changes(reader: Reader, scope: Scope = EVERYONE, filters: Filters = NOTHING) -> Result:
    """One row per change of a column, the latest first."""
    return read(reader, scope, "quality/schema_changes", filters=filters)[0]


def mapping(reader: Reader, scope: Scope = EVERYONE, filters: Filters = NOTHING) -> Result:
    """One row per field and per value of a mapped field, those without a mapping first. notes: coverage, unmapped."""
    result, facts = read(reader, scope, "quality/mapping", "quality/mapping_facts", filters=filters)
    return replace(result, notes={**result.notes, **rows(facts)[0]})
