"""How the plan is made and the data judged: [planning] and [quality] of tandem.toml."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from data_access.config_values import FilePath, Seconds
from data_access.config_values import Strict as _Strict


class Planning(_Strict):
    """How the plan is made. safety_stock: the ERP's (measured where it has none), `measured` from the errors of the
    forecast, or `textbook`; `items`: rules of single items, absolute once loaded."""

    safety_stock: Literal["erp", "measured", "textbook"] = "erp"
    service_level: float = Field(default=0.95, ge=0.5, le=0.9999)
    review_days: int = Field(default=7, ge=0, le=364)
    demand_fence_weeks: int = Field(default=0, ge=0, le=26)
    frozen_weeks: int = Field(default=0, ge=0, le=26)
    items: FilePath | None = None


class Quality(_Strict):
    """Data quality. `rules`: a file of the company's own rules, absolute once loaded; `owners`: who looks after a rule,
    a table or ("default") all else; `reconcile_every`: seconds between two comparisons of a stream by days."""

    rules: FilePath | None = None
    owners: dict[str, str] = Field(default_factory=dict)
    reconcile_every: Seconds = 86_400.0
