"""The build step that scores pairs of source customers. It runs only when something it compares has changed."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from data_access.identity.compare import FIELDS, candidates, compare
from data_access.identity.policy import DOUBTFUL, judge
from data_access.identity.records import prepare

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

INPUTS = frozenset({"core.identity_record"})
OUTPUTS = ("core.identity_pair",)
SQL = Path(__file__).with_name("sql")


def build(con: duckdb.DuckDBPyConnection) -> None:
    """Makes core.identity_pair: the pairs that are certain, or worth a question."""
    rows = con.execute("SELECT * FROM core.identity_record ORDER BY source, source_id").fetchnumpy()
    con.register("step_rows", scored(rows))
    con.execute((SQL / "pairs.sql").read_text(encoding="utf-8"))
    con.unregister("step_rows")


def scored(given: Mapping[str, Any]) -> pa.Table:
    """`given`: columns of core.identity_record, ordered; rows of core.identity_pair, with -1 for what is not known."""
    import pyarrow as pa

    records = prepare(given)
    pairs = compare(records, *candidates(records))
    judged = judge(records, pairs)
    keep = np.flatnonzero((judged.rule != "") | (judged.probability >= DOUBTFUL))
    source, own = np.asarray(given["source"], dtype=object), np.asarray(given["source_id"], dtype=object)
    left, right = pairs.left[keep], pairs.right[keep]
    texts = {
        "left_source": source[left], "left_id": own[left], "right_source": source[right], "right_id": own[right],
        "rule": judged.rule[keep], "reason": judged.reason[keep],
    }  # fmt: skip
    figures = {
        "confidence": judged.confidence[keep],
        "probability": judged.probability[keep],
        "similarity": pairs.similarity[keep],
    }
    names = ("name_level", *(field.name for field in FIELDS[1:]))
    levels = {name: pairs.levels[keep, place] for place, name in enumerate(names)}
    return pa.table({name: pa.array(values, pa.string()) for name, values in texts.items()} | figures | levels)
