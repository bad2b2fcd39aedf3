"""What people tell the sync process: read again, try rejects again, compare, pull what differs, pause, resume. It all
goes through state.db, with the name of who asked; a pause holds until it is ended, restarts included."""

from __future__ import annotations

import getpass
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from data_access.clock import iso, utc_now
from data_access.config import Config
from data_access.errors import NotFound, QueryError
from data_access.state import State

if TYPE_CHECKING:
    from data_access.connectors.profile import Stream

WHOLE = ""  # the stream name that stands for all of a source
# Kinds of requests that the sync process works on.
READ, RELOAD, REPLAY, PULL, COMPARE = "resync", "reload", "replay", "pull", "compare"
KINDS = (READ, RELOAD, REPLAY, PULL, COMPARE)
ACTIONS = {"run": READ, "reload": RELOAD, "replay": REPLAY, "pull": PULL, "compare": COMPARE}
ACTIONS |= {"pause": "pause", "resume": "resume"}
MOST_KEYS = 1000  # of one request


@dataclass(frozen=True)
class Pause:
    """A source (stream "") or one of its streams that is not read, since when and by whom."""

    source: str
    stream: str
    paused_at: str
    paused_by: str


@dataclass(frozen=True)
class Pauses:
    """All pauses in force."""

    all: tuple[Pause, ...]

    def of(self, source: str, stream: str) -> Pause | None:
        """The pause that holds this stream, its source's before its own."""
        mine = {each.stream: each for each in self.all if each.source == source}
        return mine.get(WHOLE) or mine.get(stream)

    def whole(self, source: str) -> Pause | None:
        return next((each for each in self.all if (each.source, each.stream) == (source, WHOLE)), None)

    def streams(self, source: str) -> tuple[str, ...]:
        """The streams of a source that are paused by themselves."""
        return tuple(each.stream for each in self.all if each.source == source and each.stream != WHOLE)


def pauses(state: State) -> Pauses:
    rows = state.execute("SELECT source, stream, paused_at, paused_by FROM pause ORDER BY source, stream")
    return Pauses(tuple(Pause(**row) for row in rows))


def ask(
    config: Config, state: State, action: str, source: str, stream: str | None, asked_by: str,
    *, accept_deletes: bool = False, keys: Sequence[str] = (),
) -> int:  # fmt: skip
    """Does what can be done at once (pause, resume), hands the rest to the sync process; the request's id.

    `stream` may be a canonical entity: the streams behind it. `keys`: the rows to pull, as a comparison names them
    (none: all that a comparison made now finds). NotFound and QueryError say what is wrong."""
    if action not in ACTIONS:
        raise NotFound(f'there is no action "{action[:40]}"', f"known: {', '.join(ACTIONS)}")
    streams = _streams(config, source, stream)
    if keys and action != PULL:
        raise QueryError("keys are those of rows to pull", "leave them out")
    if action in (PULL, COMPARE):
        streams = _compared(config, source, stream, streams, keys)
    if action == "pause":
        return _pause(state, source, streams, asked_by)
    if action == "resume":
        return _resume(state, source, streams, asked_by)
    held = pauses(state)
    if all(held.of(source, each) for each in streams):
        raise QueryError(f"{source} is paused", "resume it first")
    body: dict[str, object] = {"source": source}
    if streams != (WHOLE,):
        body["streams"] = list(streams)
    if keys:
        body["keys"] = list(dict.fromkeys(keys))
    if accept_deletes:
        body["accept_deletes"] = True
    return state.add_request(ACTIONS[action], body, asked_by)


def last_asked(state: State, source: str, stream: str, kinds: Sequence[str]) -> dict[str, str | None] | None:
    """The youngest request of these kinds for the stream: kind, asked_by, created_at and finished_at (UTC ISO text),
    result."""
    query = "SELECT * FROM request WHERE kind IN (SELECT value FROM json_each(?)) ORDER BY id DESC LIMIT 100"
    for row in state.execute(query, (json.dumps(kinds),)):
        body = json.loads(row["body"])
        if body["source"] == source and stream in body.get("streams", (stream,)):
            return {name: row[name] for name in ("kind", "asked_by", "created_at", "finished_at", "result")}
    return None


def whose_terminal() -> str:
    """Who asks on the command line."""
    try:
        return f"command line of {getpass.getuser()}"
    except (KeyError, OSError):
        return "command line"


def _pause(state: State, source: str, streams: Sequence[str], asked_by: str) -> int:
    now = iso(utc_now())
    rows = [(source, stream, now, asked_by) for stream in streams]
    add = "INSERT INTO pause VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING"
    return _done(state, "pause", source, streams, asked_by, [(add, row) for row in rows])


def _resume(state: State, source: str, streams: Sequence[str], asked_by: str) -> int:
    held = {each.stream for each in pauses(state).all if each.source == source}
    if not held & set(streams):
        hint = f"the whole source is paused: resume {source}" if WHOLE in held else "`feeds` shows what is"
        raise QueryError(f"{' '.join((source, *filter(None, streams)))} is not paused", hint)
    ends: list[tuple[str, tuple[str, ...]]] = []
    for stream in streams:
        which = "" if stream == WHOLE else " AND stream = ?"  # a source is resumed with all of its streams
        ends.append((f"DELETE FROM pause WHERE source = ?{which}", (source, stream) if which else (source,)))
    return _done(state, "resume", source, streams, asked_by, ends)


def _done(
    state: State, kind: str, source: str, streams: Sequence[str], asked_by: str,
    statements: Iterable[tuple[str, tuple[str, ...]]],
) -> int:  # fmt: skip
    """Carries the statements out and records who asked for them, as one."""
    now = iso(utc_now())
    body = json.dumps({"source": source, "streams": [stream for stream in streams if stream]})
    with state.transaction() as db:
        for sql, values in statements:
            db.execute(sql, values)
        made = db.execute(
            "INSERT INTO request (kind, body, created_at, taken_at, finished_at, result, asked_by)"
            " VALUES (?, ?, ?, ?, ?, 'done', ?)",
            (kind, body, now, now, now, asked_by),
        )
        return int(made.lastrowid or 0)


def _streams(config: Config, source: str, stream: str | None) -> tuple[str, ...]:
    """The stream itself, those behind an entity, or WHOLE."""
    from data_access.connectors.profile import suggest
    from data_access.sync.sources import open_source

    names = [each.name for each in config.sources]
    if source not in names:
        raise NotFound(f'no source is named "{source[:40]}"', suggest(source, names))
    if stream is None:
        return (WHOLE,)
    opened = open_source(config, source)
    found = opened.streams(opened.streams_of([stream]))
    if not found:
        known = sorted({*opened.profile.stream, *opened.profile.entity})
        raise NotFound(f'{source} has no stream or entity "{stream[:40]}"', suggest(stream, known))
    return tuple(found)


def _compared(
    config: Config, source: str, stream: str | None, streams: Sequence[str], keys: Sequence[str]
) -> tuple[str, ...]:
    """The streams that are compared by day: `stream` alone where it is one itself, as comparisons name them. With keys
    the one whose rows they are."""
    from data_access.sync.sources import open_source

    specs = open_source(config, source).profile.stream
    named = [stream] if stream in specs else list(specs if WHOLE in streams else streams)
    if keys:
        if len(named) != 1:
            raise QueryError("keys are those of rows of one stream", f"name one of {source}'s streams")
        _check_keys(source, named[0], specs[named[0]], keys)
        return tuple(named)
    found = tuple(name for name in named if specs[name].reconcile is not None)
    if not found:
        raise QueryError(f"{source}: {', '.join(named)} cannot be compared by day", "its profile says what can")
    return found


def _check_keys(source: str, stream: str, spec: Stream, keys: Sequence[str]) -> None:
    from data_access.sync.by_keys import fits, split_key
    from data_access.sync.target import Target

    if len(keys) > MOST_KEYS:
        raise QueryError(f"{len(keys):,} keys are too many", f"name {MOST_KEYS:,} at the most, or none for all")
    for key in keys:
        if not fits(Target(source, stream, spec), split_key(key, len(spec.key))):
            raise QueryError(f'"{key[:80]}" is no key of {stream}', "take keys as a comparison names them")
