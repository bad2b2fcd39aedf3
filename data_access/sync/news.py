"""A pass over a stream whose source remembers: nothing is read unless it says that something changed."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime

import pyarrow as pa

from data_access.connectors.base import News, Remembers
from data_access.sync.land import Counts, Landing, StreamEnd
from data_access.sync.sweep import after_whole_read, sweep
from data_access.sync.target import Target


def take_news(
    connector: Remembers, landing: Landing, target: Target, until: datetime, counts: Counts,
    clock: Callable[[], datetime], *, full: bool, accept_deletes: bool, seen: Callable[[int], None],
) -> StreamEnd:  # fmt: skip
    """Lands what changed and deletes what is gone; what is left to record once the stream is done."""
    position = landing.position(target)
    news = connector.news(target.stream, None if full or position.cursor is None else position.state)
    rows = 0
    landing.begin_pass()
    for page in _pages(connector, target, news):
        seen(counts.read)
        landing.land(target, page, counts, clock())
        rows += page.num_rows
    source_count: int | None = None
    if target.spec.deletes == "sweep" and news.changed and news.deletes:
        agreed = accept_deletes
        if news.whole:
            source_count = after_whole_read(landing, target, counts, rows, clock(), accept_deletes=agreed)
        else:
            source_count = sweep(connector, landing, target, position, counts, clock(), accept_deletes=agreed)
    return StreamEnd(target, until, source_count, state=news.state, newest=news.newest)


def _pages(connector: Remembers, target: Target, news: News) -> Iterable[pa.Table]:
    if not news.changed:
        return ()
    return connector.read(target.stream, None, None) if news.whole else connector.read_news(target.stream)
