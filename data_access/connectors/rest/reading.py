"""One stream's requests: what is asked, how the profile's parts come together, and its pages as rows."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from data_access.connectors.profile import Profile
from data_access.connectors.rest.client import Answer, Client
from data_access.connectors.rest.fields import check_needed, lacking, live_fields
from data_access.connectors.rest.located import Located
from data_access.connectors.rest.meaning import Rejected
from data_access.connectors.rest.paging import Pager
from data_access.connectors.rest.rows import Row, Rows, checked_rows
from data_access.connectors.rest.spec import Fields, Filter, Override, Request
from data_access.connectors.rest.template import fill
from data_access.connectors.rest.times import Times
from data_access.errors import SourceError


@dataclass(frozen=True)
class Asked:
    """Which rows are wanted: bounds as the system writes them, or keys."""

    since: str | None = None
    until: str | None = None
    keys: list[Any] | None = None


class Reader:
    """Reads one stream of one source."""

    def __init__(
        self,
        profile: Profile,
        stream: str,
        client: Client,
        settings: Mapping[str, Any],
        times: Times,
        locate: Callable[[str, list[str]], Located],
    ) -> None:
        assert profile.rest is not None
        self._rest, self._spec, self._client = profile.rest, profile.stream[stream], client
        self._file, self._stream, self._settings, self._locate = profile.file.name, stream, settings, locate
        self._own = self._spec.request or Override()
        self.rows = Rows(self._spec, times, false_is_null=profile.rest.false_is_null)

    @cached_property
    def located(self) -> Located:
        """Where the object is. What was looked up is kept for a while by the account."""
        with self._named():
            found = self._locate(self._table, self.rows.roots())
            spec = self._rest.fields
            if spec is None or found.live is not None:
                return found
            live = self._client.account.remember(("fields", self._table), lambda: self._ask_fields(spec))
            check_needed(self.rows.roots(self._spec.key), live)
            return replace(found, live=live)

    @property
    def _table(self) -> str:
        return fill(self._spec.table or "", self._settings) or ""

    def _ask_fields(self, spec: Fields) -> dict[str, str]:
        known = {**self._settings, **self._own.params, "table": self._table}
        return live_fields(spec, self._client.call(spec.request, known).rows)

    @property
    def asked_fields(self) -> list[str]:
        """The declared fields that the system has, as far as it tells."""
        roots = self.rows.roots()
        return [root for root in roots if root not in lacking(roots, self.located.live)]

    def pages(
        self, asked: Asked, only: Sequence[str] | None = None, start: str | None = None
    ) -> Iterator[tuple[list[Row], str | None]]:
        """Pages of rows, each with the token of where the next one begins (None: it was the last, or nobody can resume
        there). SourceError as soon as something is wrong."""
        request, spec = merged(self._rest.list, self._own), self._rest.paging
        fields = self._wire_names(only)
        pager = Pager(spec, self._client.place, self.rows.key, self.rows.cursor, start)
        started, more = self._client.clock.seconds(), True
        with self._named():
            while more:
                answer = self._send(request, asked, {**pager.values, "fields": fields}, pager.at.url)
                found = checked_rows(answer.rows, fields, self._client.place)
                rows = [self.located.translate(row) for row in found]
                fresh, more = pager.take(rows, answer.body, answer.headers)
                if self._client.clock.seconds() - started > self._rest.limits.stream:
                    raise SourceError(
                        f"{self._client.place} took longer than {self._rest.limits.stream:.0f} s for one stream",
                        "the next run goes on from here; rest.limits.stream is the bound",
                        transient=True,
                    )
                yield fresh, pager.token if more else None

    def one(self, request: Request, key: object) -> list[Row]:
        """The row of this key, none where the system has it no more."""
        with self._named():
            try:
                answer = self._send(request, Asked(), {"value": key, "fields": self._wire_names(None)}, None)
            except Rejected:
                return []
            rows = answer.rows if isinstance(answer.rows, list) else [answer.rows]
            found = checked_rows(rows, self._wire_names(None), self._client.place)
            return [self.located.translate(row) for row in found]

    def ask(self, request: Request, asked: Asked) -> Answer:
        """A request about the stream's object, without paging."""
        with self._named():
            return self._send(request, asked, {}, None)

    def _send(self, request: Request, asked: Asked, values: Mapping[str, Any], url: str | None) -> Answer:
        known = {**self._settings, **self._own.params, **self.located.params, **values}
        names = self.located.names
        key = self.rows.roots(self._spec.key[:1])[0]
        known["table"] = self._table
        known["cursor"] = names.get(self._spec.cursor or "", self._spec.cursor)
        known |= {"key": names.get(key, key), "since": asked.since, "until": asked.until, "keys": asked.keys}
        known["filter"] = conditions(self._rest.filter, self._own.filter, known)
        return self._client.call(request, known, url)

    def _wire_names(self, only: Sequence[str] | None) -> list[str]:
        roots = self.rows.roots(only)
        gone = () if self._rest.lookup else lacking(roots, self.located.live)
        return [self.located.names.get(root, root) for root in roots if root not in gone]

    def _named(self) -> _Named:
        return _Named(f"{self._file}, stream {self._stream}")


def merged(base: Request, own: Override) -> Request:
    """The list request with what the stream lays over it."""
    body = {**(base.body or {}), **own.body}
    return Request(
        method=own.method or base.method,
        path=own.path if own.path is not None else base.path,
        query={**base.query, **own.query},
        body=body if base.body is not None or own.body else None,
        rows=own.rows if own.rows is not None else base.rows,
    )


def conditions(spec: Filter, own: Sequence[Any], known: Mapping[str, Any]) -> Any:
    """What {filter} stands for; where nothing is to be filtered an empty list, or None for a joined or wrapped one."""
    parts = [fill(one, known) for one in own]
    present = {"window": "since", "since": "since", "until": "until", "keys": "keys", "after": "after"}
    for name, value in present.items():
        if getattr(spec, name) is not None and known.get(value) is not None:
            parts.append(fill(getattr(spec, name), known))
    if not parts:
        return None if spec.wrap is not None or spec.join is not None else []
    whole = spec.join.join(str(part) for part in parts) if spec.join is not None else parts
    return fill(spec.wrap, {**known, "conditions": whole}) if spec.wrap is not None else whole


class _Named:
    """Errors say which profile and stream they belong to."""

    def __init__(self, place: str) -> None:
        self._place = place

    def __enter__(self) -> None: ...

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, SourceError) and self._place not in error.message:
            error.message = f"{error.message} ({self._place})"
            error.args = (error.message,)
