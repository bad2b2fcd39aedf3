"""Forecasts as rows of the plan tables: one an item and a week."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd

from data_access.planning.demand import Floats
from data_access.planning.weeks import week_starts

ENDS = ("lo80", "hi80", "lo95", "hi95")


def long_rows(names: list[str], mean: Floats, ends: dict[str, Floats], model: object, start: date) -> pd.DataFrame:
    """product_id, period_start, mean, the ends and model from (items, weeks) arrays; model: one for all or (items,)."""
    horizon = mean.shape[1]
    columns = {name: values.reshape(-1) for name, values in {"mean": mean, **ends}.items()}
    return pd.DataFrame(
        {
            "product_id": np.repeat(np.array(names, dtype=object), horizon),
            "period_start": week_starts(start, horizon) * len(names),
            **columns,
            "model": np.repeat(np.asarray(model), horizon),
        }
    )
