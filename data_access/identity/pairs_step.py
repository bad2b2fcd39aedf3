"""The build step that scores pairs of source customers. It runs only when something it compares has changed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from data_access.identity.compare import EXACT, FIELDS, candidates, compare
from data_access.identity.policy import DOUBTFUL, judge
from data_access.identity.records import prepare

if TYPE_CHECKING:
    import duckdb
    import pandas as pd

INPUTS = frozenset({"core.identity_record"})
OUTPUTS = ("core.identity_pair",)
SQL = Path(__file__).with_name("sql")


def build(con: duckdb.DuckDBPyConnection) -> None:
    """Makes core.identity_pair: the pairs that are certain, or worth a question."""
    frame = con.execute("SELECT * FROM core.identity_record ORDER BY source, source_id").df()
    con.register("step_rows", scored(frame))
    con.execute((SQL / "pairs.sql").read_text(encoding="utf-8"))
    con.unregister("step_rows")


def scored(frame: pd.DataFrame) -> pd.DataFrame:
    """`frame`: rows of core.identity_record, ordered; rows of core.identity_pair, with -1 for what is not known."""
    import pandas as pd

    records = prepare(frame)
    pairs = compare(records, *candidates(records))
    judged = judge(records, pairs)
    keep = np.flatnonzero(
        (judged.rule != "") | (judged.probability >= DOUBTFUL) | ((pairs.level(0) == EXACT) & (judged.reason != ""))
    )
    source, own = frame["source"].to_numpy(object), frame["source_id"].to_numpy(object)
    left, right = pairs.left[keep], pairs.right[keep]
    names = ("name_level", *(field.name for field in FIELDS[1:]))
    return pd.DataFrame(
        {"left_source": source[left], "left_id": own[left], "right_source": source[right], "right_id": own[right],
         "rule": judged.rule[keep], "confidence": judged.confidence[keep], "probability": judged.probability[keep],
         "reason": judged.reason[keep], "similarity": pairs.similarity[keep]}
        | {name: pairs.levels[keep, place] for place, name in enumerate(names)}
    ).astype({name: object for name in ("left_source", "left_id", "right_source", "right_id", "rule", "reason")})  # fmt: skip
