"""Where an unfinished read by pages goes on: the token of its next page, and the bounds it was begun with."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime

from data_access.clock import parse_iso, parse_or_none


@dataclass(frozen=True)
class Resume:
    """Pages in no order of the cursor tell nothing of rows changed meanwhile, so the bounds stay those of the start;
    `run_id` is the run that began it."""

    token: str
    since: datetime | None
    until: datetime
    run_id: int

    def text(self) -> str:
        since = self.since.isoformat() if self.since else None
        return json.dumps([self.token, since, self.until.isoformat(), self.run_id])

    @classmethod
    def of(cls, text: str | None) -> Resume | None:
        if not text:
            return None
        token, since, until, run_id = json.loads(text)
        return cls(token, parse_or_none(since), parse_iso(until), run_id)
