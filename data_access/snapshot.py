"""One published version held open: what is read through it belongs together, and is kept by content."""

from __future__ import annotations

import copy
import hashlib
import logging
import threading
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from data_access.access import EVERYONE, Scope
from data_access.cache import SingleFlight
from data_access.clock import parse_iso
from data_access.errors import Forbidden, QueryError
from data_access.result import Result
from data_access.sqlfile import Query, check_arguments, load_query
from data_access.versions import Version

if TYPE_CHECKING:
    import pandas as pd

    from data_access.live import Live

log = logging.getLogger("tandem.warehouse")
MAX_ROWS = 200_000
PATIENT_S = 600.0


class Snapshot:
    """One version held open. Everything read through it belongs together."""

    def __init__(self, version: Version, connection: Any, cache: SingleFlight, folder: Path, timeout_s: float) -> None:
        self.version = version.number
        self.manifest = version.manifest
        self._version = version
        self._connection = connection
        self._cache = cache
        self._queries = folder
        self._timeout_s = timeout_s
        self._limit: int | None = MAX_ROWS
        self._live: Live | None = None
        self._etags: dict[tuple[tuple[str, ...], str], str] = {}

    @property
    def live(self) -> Live:
        """What is true now beside this version; QueryError where the reader was given no state."""
        if self._live is None:
            raise QueryError("how feeds stand is not known here", "ask the running server or `python app.py export`")
        return self._live

    def beside(self, live: Live | None) -> Snapshot:
        """The same version, with what is true now."""
        self._live = live
        return self

    @property
    def today(self) -> date:
        """The company's business day the version was built for."""
        return date.fromisoformat(str(self.manifest["as_of"])[:10])

    def content_key(self, query: Query) -> tuple[str, ...]:
        """What the query's rows depend on besides its parameters."""
        return (str(self.manifest["as_of"])[:10], *(self._version.content(table) for table in sorted(query.tables)))

    def etag(self, *names: str, salt: str = "") -> str:
        """Changes exactly when the rows of one of these queries may have changed."""
        found = self._etags.get((names, salt))
        if found is None:
            keys = [(name, self.content_key(load_query(name, self._queries))) for name in names]
            found = hashlib.blake2b(repr((salt, keys)).encode(), digest_size=12).hexdigest()
            self._etags[names, salt] = found
        return found

    def query(self, name: str, scope: Scope = EVERYONE, **params: object) -> Result:
        """Rows of queries/<name>.sql under `scope`; `$today` is filled in when the file asks for it.

        Forbidden: a restricted scope on a query without a scope column. QueryError: wrong parameters or over 5 s.
        """
        query = self._allowed(name, scope, params)
        key = (name, repr(sorted(params.items())), scope.key, self.content_key(query))
        frame, truncated = self._cache.get(key, lambda: self._run(query, scope, params))
        sources = self._sources(query)
        return Result(
            frame=frame.copy(deep=False),
            as_of=self.checked_at(sources),
            sources=sources,
            version=self.version,
            truncated=truncated,
            etag=hashlib.blake2b(repr(key).encode(), digest_size=12).hexdigest(),
        )

    def derived(
        self,
        key: tuple[object, ...],
        tables: frozenset[str],
        make: Callable[[Any], pd.DataFrame],
        scope: Scope = EVERYONE,
    ) -> Result:
        """Rows that `make` works out of `tables` of this version, given a cursor on it; kept as a query's rows are.

        Forbidden under a restricted scope: such rows mix what many may see.
        """
        if scope.restricted:
            raise Forbidden("this cannot be narrowed to your rows", "ask an administrator for this figure")
        contents = (str(self.manifest["as_of"])[:10], *(self._version.content(table) for table in sorted(tables)))
        known = (key, scope.key, contents)
        frame, truncated = self._cache.get(known, lambda: (make(self._connection.cursor()), False))
        every = self.manifest["tables"]
        sources = tuple(sorted({source for table in tables for source in every.get(table, {}).get("sources", ())}))
        etag = hashlib.blake2b(repr(known).encode(), digest_size=12).hexdigest()
        return Result(
            frame.copy(deep=False), self.checked_at(sources), sources, self.version, truncated=truncated, etag=etag
        )

    def patient(self, limit: int | None = MAX_ROWS) -> Snapshot:
        """The same version for work no page waits for: ten minutes a query, `limit` rows (None: all), no cache."""
        twin = copy.copy(self)
        twin._cache, twin._timeout_s, twin._limit = SingleFlight(0), PATIENT_S, limit
        return twin

    def stream(self, name: str, scope: Scope, batch_rows: int, **params: object) -> tuple[int, Any]:
        """(how many rows `query` has without its limit, an Arrow reader of all of them); no limit of time either."""
        sql, values = _statement(self._allowed(name, scope, params), scope, params)
        cursor = self._connection.cursor()
        (total,) = cursor.execute(f"SELECT count(*) FROM (\n{sql}\n)", values or None).fetchone()
        return total, cursor.execute(sql, values or None).to_arrow_reader(batch_rows)

    def checked_at(self, sources: tuple[str, ...]) -> datetime:
        """The oldest successful check among `sources` when this version was published."""
        known = self.manifest.get("sources", {})
        times = [known[s]["checked_at"] for s in sources if known.get(s, {}).get("checked_at")]
        return parse_iso(min(times) if times else self.manifest["published_at"])

    def _allowed(self, name: str, scope: Scope, params: dict[str, object]) -> Query:
        query = load_query(name, self._queries)
        if "today" in query.parameters:
            params.setdefault("today", self.today)
        check_arguments(query, params)
        if scope.restricted and query.scope is None:
            raise Forbidden(f'"{name}" cannot be narrowed to your rows', "ask an administrator for this figure")
        return query

    def _sources(self, query: Query) -> tuple[str, ...]:
        tables, every = self.manifest["tables"], tuple(sorted(self.manifest.get("sources", {})))
        if any(table not in tables for table in query.tables):
            return every
        figures = query.tables - query.lookups
        return tuple(sorted({source for table in figures for source in tables[table].get("sources", every)}))

    def _run(self, query: Query, scope: Scope, params: dict[str, object]) -> tuple[pd.DataFrame, bool]:
        import duckdb

        sql, values = _statement(query, scope, params)
        cursor = self._connection.cursor()
        watchdog = threading.Timer(self._timeout_s, cursor.interrupt)
        watchdog.daemon = True
        watchdog.start()
        try:
            if self._limit is not None:
                sql = f"SELECT * FROM (\n{sql}\n) LIMIT {self._limit + 1}"
            return _frame(cursor.execute(sql, values or None), self._limit)
        except duckdb.InterruptException as error:
            raise QueryError(
                f'"{query.name}" took longer than {self._timeout_s:g} s and was stopped', "narrow the filters"
            ) from error
        except duckdb.Error as error:
            log.error("%s failed: %s", query.name, str(error).splitlines()[0])
            raise QueryError(f'"{query.name}" cannot be answered', "the server's log says why") from error
        finally:
            watchdog.cancel()


def _statement(query: Query, scope: Scope, params: dict[str, object]) -> tuple[str, dict[str, object]]:
    """The SQL that answers `query` under `scope`, and its values."""
    if not scope.restricted:
        return query.sql, params
    sql = f'SELECT * FROM (\n{query.sql}\n) WHERE list_contains($scope_owners, "{query.scope}")'
    return sql, params | {"scope_owners": sorted(scope.owners or ())}


def _frame(cursor: Any, limit: int | None) -> tuple[pd.DataFrame, bool]:
    """Rows as a frame: dates as `date`, instants as UTC timestamps; True when there were more than `limit`."""
    import pandas as pd

    dates = [column[0] for column in cursor.description if str(column[1]) == "DATE"]
    frame = cursor.df()
    truncated = limit is not None and len(frame) > limit
    if truncated:
        frame = frame.head(limit)
    for name in dates:
        days = frame[name].to_numpy().astype("datetime64[D]").astype("object")
        frame[name] = pd.Series(days, index=frame.index, dtype="object")
    return frame, truncated
