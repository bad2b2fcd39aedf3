"""From page to page, never round in circles: every way a page leads to the next, guarded the same."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any
from urllib.parse import urljoin

import httpx

from data_access.connectors.rest.spec import Paging
from data_access.connectors.rest.template import look
from data_access.errors import SourceError

MOST_EMPTY = 3

Row = dict[str, Any]
KeyOf = Callable[[Row], object]


@dataclass(frozen=True)
class Place:
    """Where the next page begins; what of it is used depends on the kind of paging."""

    after: Any = None
    after_cursor: Any = None
    offset: int = 0
    page: int = 1
    url: str | None = None

    def token(self) -> str:
        return json.dumps(asdict(self))

    @classmethod
    def of(cls, token: str) -> Place:
        return cls(**json.loads(token))


class Pager:
    """One read's way through its pages. `key_of` tells rows apart, `cursor_of` gives the value rows are ordered by."""

    def __init__(self, spec: Paging, place: str, key_of: KeyOf, cursor_of: KeyOf, start: str | None = None) -> None:
        self._spec, self._place = spec, place
        self._key_of, self._cursor_of = key_of, cursor_of
        self.at = Place.of(start) if start else Place(page=spec.first)
        self._seen: set[int] = {hash(self.at)}
        self._last: dict[str, Row] = {}
        self._pages = self._empty = 0

    @property
    def values(self) -> dict[str, Any]:
        """The placeholders of the next request."""
        found = asdict(self.at) | {"size": self._spec.size}
        return found if self._spec.kind != "none" else {**found, "offset": None, "page": None}

    @property
    def token(self) -> str | None:
        """Where to resume; None where a later process cannot (links end with their session)."""
        return None if self._spec.kind in ("none", "link", "next") else self.at.token()

    def take(self, rows: Sequence[Row], body: Any, headers: Mapping[str, str]) -> tuple[list[Row], bool]:
        """The rows of the page that are new, and whether another page follows. SourceError for pages that repeat,
        stay empty or never end."""
        self._pages += 1
        self._empty = 0 if rows else self._empty + 1
        fresh = self._fresh(rows)
        following = self._following(rows, body, headers)
        if following is None:
            return fresh, False
        if self._spec.kind == "anchor" and not fresh and len(rows) < self._spec.size:
            return fresh, False  # only the rows at the anchor have come again
        if rows and not fresh:
            raise self._wrong("answers the same page again and again")
        if self._empty > MOST_EMPTY:
            raise self._wrong("answers empty pages without end")
        if self._pages >= self._spec.most_pages:
            raise self._wrong(f"answers more than {self._spec.most_pages} pages")
        if hash(following) in self._seen:
            raise self._wrong("leads from page to page in a circle")
        self._seen.add(hash(following))
        self.at = following
        return fresh, True

    def _fresh(self, rows: Sequence[Row]) -> list[Row]:
        """Without rows of the page before that have come again unchanged (rows shift when others are added)."""
        keys = [json.dumps(self._key_of(row), default=str) for row in rows]
        fresh = [row for key, row in zip(keys, rows, strict=True) if self._last.get(key) != row]
        if rows:
            self._last = self._boundary(rows[-1]) | dict(zip(keys, rows, strict=True))
        return fresh

    def _boundary(self, last: Row) -> dict[str, Row]:
        """Earlier rows with the last one's order value: a filter on that value brings them again."""
        if self._spec.kind != "anchor":
            return {}
        value = self._cursor_of(last)
        return {key: row for key, row in self._last.items() if self._cursor_of(row) == value}

    def _following(self, rows: Sequence[Row], body: Any, headers: Mapping[str, str]) -> Place | None:
        spec, kind = self._spec, self._spec.kind
        if kind == "none":
            return None
        if kind in ("link", "next"):
            link = _next_link(headers) if kind == "link" else look(body, spec.next)
            return replace(self.at, url=urljoin(self.at.url or "", str(link))) if link else None
        if kind == "cursor" and spec.token:
            token = look(body, spec.token)
            return replace(self.at, after=token) if token else None
        if not rows or (spec.ends == "short" and len(rows) < spec.size):
            return None
        if kind == "offset":
            return replace(self.at, offset=self.at.offset + len(rows))
        if kind == "page":
            return replace(self.at, page=self.at.page + 1)
        return self._after(rows)

    def _after(self, rows: Sequence[Row]) -> Place:
        """By the last row: at once (cursor), or when offsets have gone as far as they reach (anchor)."""
        spec = self._spec
        offset = self.at.offset + len(rows)
        if spec.kind == "anchor" and offset + spec.size <= spec.reach:
            return replace(self.at, offset=offset)
        after = look(rows[-1], spec.after)
        if after is None:
            raise self._wrong(f"answers rows without {spec.after}, by which the next page is found")
        keys = [look(row, spec.after) for row in rows]
        numbers = [key for key in keys if isinstance(key, int)]
        if spec.kind == "cursor" and len(numbers) == len(keys) and numbers != sorted(numbers):
            raise self._wrong(f"does not order its rows by {spec.after} as numbers, so rows would be passed over")
        return replace(self.at, after=after, after_cursor=self._cursor_of(rows[-1]), offset=0)

    def _wrong(self, what: str) -> SourceError:
        return SourceError(f"{self._place} {what}", "check rest.paging in the profile against that system")


def _next_link(headers: Mapping[str, str]) -> str | None:
    """The rel="next" address of a Link header."""
    links = httpx.Response(200, headers={"Link": headers.get("link", "")}).links
    return links.get("next", {}).get("url")
