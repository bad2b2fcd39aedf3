"""Who is who, on a desk: the queue of open questions, one pair side by side, and the tables behind them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from components.identity_review import pair, queue

PANELS: Mapping[str, Callable[..., Any]] = {"identity_review": queue.queue, "identity_pair": pair.pair}
