"""The commands that show and steer feeds: feeds, pause, resume, replay, reload, pull, compare. Each answers an exit
code."""

from __future__ import annotations

import argparse

from data_access import control, feed_state
from data_access.commands import existing_config, say
from data_access.state import State


def listed(arguments: argparse.Namespace) -> int:
    """Every feed as it stands, and what waits."""
    config = existing_config(arguments)
    state = State(config.state_path)
    known, waiting = feed_state.feeds(config, state), feed_state.backlog(config, state)
    lines = [_line(feed) for feed in known] or ["no feed is known yet: the sync process has not run"]
    for name, count, since in (
        ("streams due", waiting.streams_due, waiting.oldest_due_at),
        ("notices waiting", waiting.notices_waiting, waiting.oldest_notice_at),
        ("publish waiting", int(waiting.publish_waiting_since is not None), waiting.publish_waiting_since),
    ):
        lines.append(f"{name}: {count}" + (f", since {since}" if since else ""))
    document = {"feeds": [feed.document() for feed in known], "backlog": waiting.document()}
    say(arguments, document, lines)
    return 0


def steer(arguments: argparse.Namespace) -> int:
    """pause, resume, replay, reload, pull and compare, by the name of the command."""
    config = existing_config(arguments)
    state, stream = State(config.state_path), arguments.stream
    agreed, keys = getattr(arguments, "accept_deletes", False), getattr(arguments, "key", ())
    made = control.ask(
        config, state, arguments.command, arguments.source, stream, control.whose_terminal(),
        accept_deletes=agreed, keys=keys,
    )  # fmt: skip
    what = ".".join(filter(None, (arguments.source, stream)))
    told = {"pause": "is not read any more until it is resumed", "resume": "is read again"}
    text = told.get(arguments.command, "is asked for; the sync process takes it up (start `serve` where none runs)")
    document = {"request": made, "action": arguments.command, "source": arguments.source, "stream": stream}
    say(arguments, document, [f"{arguments.command} {what}: {what} {text}"])
    return 0


def _line(feed: feed_state.Feed) -> str:
    name, checked = f"{feed.source}.{feed.stream}", feed.checked_at or "never"
    parts = [f"{name:<36} {feed.status:<8} every {feed.rhythm:<12} read {checked}"]
    if feed.paused_at:
        parts.append(f"paused {feed.paused_at} by {feed.paused_by}")
    if feed.reading_since:
        parts.append(f"being read since {feed.reading_since}")
    elif feed.overdue_seconds:
        parts.append(f"due for {feed.overdue_seconds} s")
    if feed.rejects_open:
        parts.append(f"{feed.rejects_open:,} rejected")
    if feed.error:
        parts.append(feed.error)
    return "; ".join(parts)
