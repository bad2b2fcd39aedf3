"""The [alerts] table of tandem.toml."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from data_access.config_values import Strict
from data_access.secrets import Secret

Format = Literal["json", "wecom", "dingtalk", "feishu", "slack"]


class Alerts(Strict):
    """Where alerts are sent (nowhere without `webhook`; state.db keeps them anyway) and in whose format. `rejects`: how
    many open rejected rows of a source are one."""

    webhook: Secret | None = None
    format: Format = "json"
    rejects: int = Field(default=100, ge=1)
