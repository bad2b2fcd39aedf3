"""The build step that links source customers, from scored pairs and from what people decided."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from data_access.identity.clusters import Decision, Edge, resolve
from data_access.identity.links import Key, Record, links
from data_access.identity.policy import RULES

if TYPE_CHECKING:
    import duckdb

INPUTS = frozenset({"core.identity_record", "core.identity_pair", "staging.identity_decision"})
OUTPUTS = ("core.customer_link", "core.customer_link_history", "core.identity_decision")
LOOKUPS = frozenset({"core.identity_pair"})
SQL = Path(__file__).with_name("sql")


def build(con: duckdb.DuckDBPyConnection) -> None:
    """Makes the links, closes and opens their dated edges, and tells what became of each decision."""
    import pyarrow as pa

    con.execute(_sql("history_table"))
    records = _records(con)
    place = {(record.source, record.source_id): k for k, record in enumerate(records)}
    edges, doubtful = _pairs(con, place)
    decisions, status = _decisions(con, place)
    resolved = resolve(edges, decisions, [record.tax for record in records])
    rows = links(records, resolved, doubtful, decisions)
    status |= dict.fromkeys(resolved.overruled, "overruled")
    columns = ("source", "source_id", "customer_id", "rule", "confidence", "status", "decided_by", "decided_at")
    _make(con, "links", pa.table({name: [row[name] for row in rows] for name in columns}))
    _make(con, "decisions", pa.table({"decision_id": list(status), "status": list(status.values())}))
    con.execute(_sql("history"))


def _make(con: duckdb.DuckDBPyConnection, file: str, rows: object) -> None:
    con.register("step_rows", rows)
    con.execute(_sql(file))
    con.unregister("step_rows")


def _sql(name: str) -> str:
    return (SQL / f"{name}.sql").read_text(encoding="utf-8")


def _records(con: duckdb.DuckDBPyConnection) -> list[Record]:
    query = "SELECT source, source_id, valid_from FROM core.customer_link_history WHERE valid_to IS NULL"
    since = {(source, own): start for source, own, start in con.execute(f"{query} AND rule = 'self'").fetchall()}
    query = "SELECT source, source_id, role, tax_country, tax_key FROM core.identity_record ORDER BY source, source_id"
    return [
        Record(source, own, role, f"{country}:{tax}" if tax else "", since.get((source, own)))
        for source, own, role, country, tax in con.execute(query).fetchall()
    ]


def _pairs(con: duckdb.DuckDBPyConnection, place: dict[Key, int]) -> tuple[list[Edge], list[tuple[int, int]]]:
    """(the certain pairs, all pairs)."""
    query = "SELECT left_source, left_id, right_source, right_id, rule, confidence FROM core.identity_pair"
    rows = con.execute(f"{query} ORDER BY ALL").fetchall()
    ends = [(place[a, b], place[c, d]) for a, b, c, d, _, _ in rows]
    edges = [
        Edge(*pair, rule, confidence, RULES.index(rule))
        for pair, (*_, rule, confidence) in zip(ends, rows, strict=True)
        if rule
    ]
    return edges, ends


def _decisions(con: duckdb.DuckDBPyConnection, place: dict[Key, int]) -> tuple[list[Decision], dict[int, str]]:
    """Those about records that are there; decision -> applied or record_gone."""
    found, status = [], {}
    query = "SELECT decision_id, kind, left_source, left_id, right_source, right_id, decided_by, decided_at"
    for number, kind, *keys, who, at in con.execute(f"{query} FROM staging.identity_decision ORDER BY 1").fetchall():
        left, right = place.get((keys[0], keys[1])), place.get((keys[2], keys[3]))
        gone = left is None or (right is None and kind != "split")
        status[number] = "record_gone" if gone else "applied"
        if left is not None and not gone:
            found.append(Decision(number, kind, left, right, who, at))
    return found, status
