"""Results of the scene "sync" for the same invented company: tickets stopped, everything else on time."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from typing import Any

Row = dict[str, Any]
NOW = datetime(2026, 11, 23, 6, 32, tzinfo=UTC)
FEEDS = (
    ("erp", "sales_orders", 2, 4812, 1306, 0), ("erp", "invoices", 2, 3977, 412, 0), ("erp", "stock", 3, 18240, 583, 2),
    ("erp", "purchase_orders", 6, 1145, 388, 0), ("erp", "items", 41, 26310, 74, 1),
    ("erp", "production", 8, 2064, 517, 0),
    ("crm", "accounts", 4, 2410, 63, 0), ("crm", "opportunities", 4, 1872, 291, 3), ("crm", "tickets", 96, 0, 0, 0),
    ("crm", "activities", 5, 9655, 2118, 0), ("crm", "competitor_visits", 5, 12, 1, 0),
)  # fmt: skip
ERROR = "crm.example answers 401 (stream ticket): the key is not accepted"
RUN = dict.fromkeys(("inserted", "updated", "unchanged", "deleted", "rejected", "read"), 0)


def at(minutes: float) -> str:
    return (NOW - timedelta(minutes=minutes)).isoformat().replace("+00:00", "Z")


def runs(feed: str) -> str:
    kinds = ["ok"] * 29 + (["failed"] * 3 if feed == "tickets" else ["changed", "slow", "ok"])
    found = [
        RUN
        | {
            "run_id": n,
            "started_at": at(64 - 2 * n),
            "seconds": 1.5,
            "attempts": 1,
            "failed": 0,
            "error": "",
            "kind": kind,
        }
        for n, kind in enumerate(kinds)
    ]
    return json.dumps(found)


def feed_rows(stopped: bool = True) -> list[Row]:
    rows = []
    for role, feed, age, read, changed, held in FEEDS:
        bad = stopped and feed == "tickets"
        rows.append({
            "source": role, "role": role, "feed": feed, "streams": feed, "status": "stale" if bad else "fresh",
            "checked_at": at(age if bad or feed != "tickets" else 5), "limit_seconds": 3600.0 if age > 20 else 1200.0,
            "every": "300", "failing_since": at(93) if bad else None, "failures": 3 if bad else 0,
            "error": ERROR if bad else "", "hint": "put a new key in ${CRM_KEY}" if bad else "", "runs": runs(feed),
            "read": read, "changed": changed, "held": held,
        })  # fmt: skip
    return rows


def truth_row(**more: Any) -> Row:
    return {
        "feeds": 11, "on_time": 10, "compared": 11, "agreed": 11, "rows_compared": 80009, "accounts": 2410,
        "matched": 2383, "waiting": 48, "rules": 42, "rules_pass": 41, "calm_days": 0, "longest_calm": 23,
        "fresh_share": 0.9994, "delay_seconds": 6.0, "newest_change_at": at(0.7), "held": 6, "version": 4127,
        "published_at": at(2), "previous_version": 4126,
    } | more  # fmt: skip


def attention_rows() -> list[Row]:
    blank: Row = {
        "count": None,
        "since": None,
        "detail": "",
        "remedy": "",
        "source": "",
        "feed": "",
        "feeds": 1,
        "role": "",
        "title": "",
        "title_zh": "",
        "owner": "",
    }
    return [
        blank | {"kind": "feed", "severity": "crit", "subject": "crm", "source": "crm", "role": "crm",
                 "feed": "tickets", "count": 3, "since": at(93), "detail": ERROR, "remedy": "a new key"},
        blank | {"kind": "held", "severity": "warn", "subject": "stock_move", "source": "erp", "role": "erp",
                 "feed": "stock", "count": 2, "since": at(360)},
        blank | {"kind": "drift", "severity": "warn", "subject": "opportunity", "source": "crm", "role": "crm",
                 "feed": "opportunities", "since": at(130), "detail": "competitor: added (text)"},
        blank | {"kind": "rule", "severity": "warn", "subject": "price", "count": 4, "title": "Item has a price",
                 "title_zh": "物料有价格", "owner": "Sales"},
        blank | {"kind": "disk", "severity": "warn", "subject": "/data", "count": 700},
    ]  # fmt: skip


def match_rows() -> list[Row]:
    counts = (
        ("customer", 2410, 2335, 48),
        ("contact", 16212, 15741, 312),
        ("product", 79012, 78907, 79),
        ("deal", 4460, 4344, 67),
    )
    return [
        {"kind": kind, "total": total, "matched": matched, "waiting": waiting, "unmatched": total - matched - waiting,
         "share": matched / total}
        for kind, total, matched, waiting in counts
    ]  # fmt: skip


def hour_rows(known: bool = True) -> list[Row]:
    erp = (12, 9, 6, 5, 8, 14, 60, 210, 480, 610, 690, 560, 390, 620, 450) + (None,) * 9
    crm = (3, 2, 1, 2, 2, 4, 22, 90, 270, 310, 300, 250, 140, 300, 190) + (None,) * 9
    return [
        {"hour": hour, "role": role, "changed": changed, "usual": (changed or 300 - 12 * hour) * 1.1 if known else None}
        for role, values in (("erp", erp), ("crm", crm))
        for hour, changed in enumerate(values)
    ]


def day_rows(known: int = 28) -> list[Row]:
    today = date(2026, 11, 23)
    return [
        {"day": today - timedelta(days=back), "seconds": 172800.0 if back < known else 0.0,
         "fresh_seconds": (167040.0 if back == 23 else 172800.0) if back < known else 0.0}
        for back in range(27, -1, -1)
    ]  # fmt: skip


def results(result: Any) -> Row:
    return {
        "sync_truth": result([truth_row()]), "feeds": result(feed_rows()), "attention": result(attention_rows()),
        "match_kinds": result(match_rows()), "pipe_hours": result(hour_rows()), "fresh_days": result(day_rows()),
    }  # fmt: skip


def empty(result: Any) -> Row:
    """All is calm: nothing to do, nothing held back, nothing to match."""
    calm = truth_row(on_time=11, rules_pass=42, calm_days=23, held=0, waiting=0)
    return results(result) | {
        "sync_truth": result([calm]), "feeds": result([row | {"held": 0} for row in feed_rows(stopped=False)]),
        "attention": result([]), "match_kinds": result([row | {"total": 0} for row in match_rows()]),
    }  # fmt: skip


def first_run(result: Any) -> Row:
    """The first minutes: nothing to compare with yet."""
    young = truth_row(on_time=11, compared=0, agreed=0, rows_compared=0, fresh_share=None, delay_seconds=None,
                      newest_change_at=None, previous_version=None)  # fmt: skip
    return {
        "sync_truth": result([young]), "feeds": result([row | {"runs": "[]"} for row in feed_rows(stopped=False)]),
        "attention": result([]), "match_kinds": result(match_rows()), "pipe_hours": result(hour_rows(known=False)),
        "fresh_days": result(day_rows(known=1)),
    }  # fmt: skip
