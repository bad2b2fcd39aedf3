"""The REST connector: a system's JSON interface, as its profile describes it, as pages of Arrow."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import pyarrow as pa

from data_access.connectors.base import Quota, with_resume
from data_access.connectors.profile import Profile, suggest
from data_access.connectors.rest.account import Account
from data_access.connectors.rest.client import Client, Clock
from data_access.connectors.rest.fields import lacking
from data_access.connectors.rest.jiandaoyun import Forms
from data_access.connectors.rest.located import Located, Lookup
from data_access.connectors.rest.meaning import Rejected
from data_access.connectors.rest.reading import Asked, Reader
from data_access.connectors.rest.template import check_names, fill, rest_settings
from data_access.connectors.rest.times import Times
from data_access.errors import ConfigError, SourceError

LAND_ROWS = 2_000
LAND_SECONDS = 2.0


class RestConnector:
    """Reads one REST source through its profile. Streams may be read from `parallel` threads at a time."""

    def __init__(
        self,
        profile: Profile,
        address: str,
        settings: Mapping[str, object] | None = None,
        *,
        account: Account | None = None,
        clock: Clock | None = None,
    ) -> None:
        if profile.rest is None:
            raise ConfigError(f"{profile.file.name}: rest: missing", "describe the interface in a [rest] table")
        check_names(profile)
        self.profile, self._rest = profile, profile.rest
        self._settings = rest_settings(profile, settings or {})
        zone = fill(self._rest.time.zone, self._settings)
        self._times = Times(self._rest.time, zone)
        rest = self._rest.model_copy(update={"time": self._rest.time.model_copy(update={"zone": zone})})
        self._client = Client(rest, address, self._settings, account, clock)
        self._lookup: Lookup | None = None
        if self._rest.lookup == "jiandaoyun":
            self._lookup = Forms(self._client, str(self._settings.get("app", "")))
        self.drifted = False  # whether a declared field has gone from a stream's rows, or has come back
        self._rows: dict[str, int] = {}
        self._no_window: set[str] = set()

    def __repr__(self) -> str:
        return f"RestConnector({self.profile.system}, {self._client.place})"

    @property
    def parallel(self) -> int:
        """How many streams may be read at a time."""
        return self._rest.limits.parallel

    @property
    def reads_all(self) -> bool:
        """Whether pages go from key to key: counted pages pass over rows when others before them go away."""
        paging = self._rest.paging
        return paging.kind == "none" or (paging.kind == "cursor" and bool(paging.after))

    def check(self) -> float:
        """Connect and answer the source clock minus ours in seconds."""
        return (self.now() - datetime.now(UTC)).total_seconds()

    def now(self) -> datetime:
        """The source's clock, UTC, to the second."""
        return self._client.source_time(self._client.call(self._rest.check, self._settings).headers)

    @contextmanager
    def snapshot(self, *, shared: bool = False) -> Iterator[None]:
        """REST interfaces have no read transactions."""
        yield

    def read(self, stream: str, since: datetime | None, until: datetime | None) -> Iterator[pa.Table]:
        """Rows with since <= cursor <= until, in the order of their paging."""
        yield from self.read_from(stream, since, until, None)

    def read_from(
        self, stream: str, since: datetime | None, until: datetime | None, token: str | None
    ) -> Iterator[pa.Table]:
        """The same from where the page with this token ended."""
        if stream in self._no_window:
            since = None
        began = token is not None
        try:
            for page in self._pages(stream, self._window(since, until), token):
                began = True
                yield page
        except Rejected:
            if self.profile.stream[stream].optional and not began:
                return  # the system has no such object
            if since is None or not self._rest.filter.window:
                raise
            self._no_window.add(stream)  # it does not filter by change: read whole instead
            yield from self._pages(stream, self._window(None, until), None)

    def read_keys(self, stream: str) -> Iterator[pa.Table]:
        """Key columns and `_cursor` of every row."""
        reader, rows, spec = self._reader(stream), 0, self.profile.stream[stream]
        try:
            for page, _ in reader.pages(Asked(), spec.key):
                rows += len(page)
                yield reader.rows.table(page, spec.key)
        except Rejected:
            if rows or not spec.optional:
                raise
        self._rows[stream] = rows

    def read_by_keys(self, stream: str, keys: Sequence[tuple[object, ...]]) -> Iterator[pa.Table]:
        """The rows of these keys (values as `read_keys` gave them)."""
        reader, size = self._reader(stream), self._rest.paging.size
        single = len(self.profile.stream[stream].key) == 1
        if single and self._rest.filter.keys is not None:
            for start in range(0, len(keys), size):
                some = [key[0] for key in keys[start : start + size]]
                for page, _ in reader.pages(Asked(keys=some)):
                    yield with_resume(reader.rows.table(page), None)
        elif single and self._rest.get is not None and len(keys) * size <= self._rows.get(stream, 0) + size:
            found = [row for key in keys for row in reader.one(self._rest.get, key[0])]
            if found:
                yield with_resume(reader.rows.table(found), None)
        else:
            wanted = {tuple(map(str, key)) for key in keys}
            for page, _ in reader.pages(Asked()):
                rows = [row for row in page if tuple(map(str, reader.rows.key(row))) in wanted]
                if rows:
                    yield with_resume(reader.rows.table(rows), None)

    def count(self, stream: str, since: datetime | None, until: datetime | None) -> int | None:
        """Rows with since <= cursor <= until; None where the system cannot tell."""
        if self._rest.count is None:
            return None
        answer = self._reader(stream).ask(self._rest.count, Asked(self._times.since(since), self._times.until(until)))
        try:
            return int(answer.rows)
        except (TypeError, ValueError) as error:
            raise SourceError(f"{self._client.place} answered no count", "correct rest.count in the profile") from error

    def quota(self) -> Quota | None:
        """What is left of the account's requests, where the system or a rate of an hour or longer tells it."""
        told = self._client.account.quota
        if told.get("left", "").isdigit():
            return Quota(int(told["left"]), told.get("reset", ""))
        left = self._client.account.pacer.left()
        return None if left is None else Quota(left[0], f"in {left[1]:.0f} s")

    def discover(self) -> dict[str, dict[str, str]]:
        """Stream -> live field -> live type; streams whose object is gone are left out, and so are fields that the
        last read did not find in any row."""
        found: dict[str, dict[str, str]] = {}
        absent = self._client.account.absent
        self._client.account.forget()
        for name in self.profile.stream:
            try:
                live = self._live(name)
            except SourceError as error:
                if error.transient:
                    raise
                continue
            found[name] = {field: kind for field, kind in live.items() if field not in absent.get(name, ())}
        return found

    def verify(self) -> list[SourceError]:
        """What of the profile does not fit the live system, an error for each stream."""
        wrong: list[SourceError] = []
        for name in self.profile.stream:
            try:
                live = self._live(name)
                missing = [] if self._lookup else lacking(self._reader(name).rows.roots(), live)
                if missing:
                    text = f"stream {name}: the system has no field {', '.join(missing)}"
                    wrong.append(SourceError(f"{self.profile.file.name}: {text}", suggest(missing[0], live)))
            except SourceError as error:
                if not (isinstance(error, Rejected) and self.profile.stream[name].optional):
                    wrong.append(error)
        return wrong

    def close(self) -> None:
        self._client.close()

    def _pages(self, stream: str, asked: Asked, token: str | None) -> Iterator[pa.Table]:
        """Pages of the interface, several to one table; what came before an error is given out before it is raised."""
        reader = self._reader(stream)
        waiting: list[dict[str, Any]] = []
        seen: set[str] = set()
        at, error, started = token, None, self._client.clock.seconds()
        pages = reader.pages(asked, start=token)
        while error is None:
            try:
                page, at = next(pages)
            except StopIteration:
                break
            except SourceError as problem:
                error = problem
                break
            waiting += page
            seen.update(*(row.keys() for row in page))
            now = self._client.clock.seconds()
            if waiting and (len(waiting) >= LAND_ROWS or now - started > LAND_SECONDS):
                yield with_resume(reader.rows.table(waiting), at)
                waiting, started = [], now
        if waiting:
            yield with_resume(reader.rows.table(waiting), at)
        if error is not None:
            if not error.transient:
                self._client.account.forget()
            raise error
        if seen and not self._rest.sparse:
            self._note_absent(stream, frozenset(root for root in reader.asked_fields if root not in seen))

    def _note_absent(self, stream: str, fields: frozenset[str]) -> None:
        known = self._client.account.absent
        if known.get(stream, frozenset()) != fields:
            known[stream] = fields
            self.drifted = True

    def _window(self, since: datetime | None, until: datetime | None) -> Asked:
        """Bounds as the system writes them; a read from the beginning on has none."""
        return Asked() if since is None else Asked(self._times.since(since), self._times.until(until))

    def _reader(self, stream: str) -> Reader:
        return Reader(self.profile, stream, self._client, self._settings, self._times, self._locate)

    def _locate(self, table: str, fields: list[str]) -> Located:
        return self._lookup.locate(table, fields) if self._lookup else Located()

    def _live(self, stream: str) -> Mapping[str, str]:
        reader = self._reader(stream)
        if reader.located.live is not None:
            return reader.located.live
        sample, _ = next(reader.pages(Asked()), ([], None))
        return dict.fromkeys({name for row in sample for name in row}, "")
