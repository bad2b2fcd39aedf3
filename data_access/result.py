"""What every read answers: rows together with their age and origin."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Result:
    """Rows of one question.

    frame: one row a grain of the query; as_of: UTC instant of the oldest successful check among `sources`;
    sources: names of the source systems the rows derive from; version: the published warehouse version;
    truncated: more rows exist than are in `frame`; notes: facts about the whole answer (model, coverage, fallbacks);
    etag: changes exactly when the rows may have changed.
    """

    frame: pd.DataFrame
    as_of: datetime
    sources: tuple[str, ...]
    version: int
    truncated: bool = False
    notes: Mapping[str, object] = field(default_factory=dict)
    etag: str = ""
