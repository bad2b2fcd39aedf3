"""The reader: one whole published version at a time, read-only, cached by content, watched for the next."""

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
from data_access.errors import Forbidden, QueryError, WarehouseError
from data_access.result import Result
from data_access.sqlfile import QUERIES, Query, check_arguments, load_query
from data_access.versions import Version, check_file, mend_pointer, read_version, set_aside, version_numbers

if TYPE_CHECKING:
    import pandas as pd

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
        self._etags: dict[tuple[tuple[str, ...], str], str] = {}

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


class Reader:
    """Follows the pointer in `folder`. A switch swaps the reference; queries finish on the version they began."""

    def __init__(
        self,
        folder: Path,
        *,
        queries: Path = QUERIES,
        timeout_s: float = 5.0,
        memory: str = "1GB",
        threads: int = 2,
        cache_size: int = 512,
        on_damage: Callable[[int, str], None] | None = None,
    ) -> None:
        self.folder = folder
        self._queries = queries
        self._timeout_s = timeout_s
        self._config: dict[str, str | bool | int | float | list[str]] = {"memory_limit": memory, "threads": threads}
        self._cache = SingleFlight(cache_size)
        self._on_damage = on_damage
        self._snapshot: Snapshot | None = None
        self._seen: object = None
        self._refreshing = threading.Lock()

    def pinned(self) -> Snapshot:
        """The version serving now; WarehouseError before the first one."""
        snapshot = self._snapshot
        if snapshot is None:
            raise WarehouseError(
                "no version of the warehouse is published yet", "run `python app.py sync`, or wait for the first sync"
            )
        return snapshot

    @property
    def ready(self) -> bool:
        return self._snapshot is not None

    @property
    def manifest(self) -> dict[str, Any]:
        return self.pinned().manifest

    @property
    def version(self) -> int:
        return self.pinned().version

    @property
    def today(self) -> date:
        return self.pinned().today

    def query(self, name: str, scope: Scope = EVERYONE, **params: object) -> Result:
        """See `Snapshot.query`; reads the version serving now."""
        return self.pinned().query(name, scope, **params)

    def refresh(self) -> bool:
        """Looks at the pointer and switches when it moved; True after a switch. A damaged version is set aside."""
        with self._refreshing:
            seen = self._pointer_stat()
            if seen == self._seen:
                return False
            wanted = mend_pointer(self.folder)
            if wanted is None:
                return False
            current = self._snapshot
            for number in [wanted, *(n for n in version_numbers(self.folder) if n < wanted)]:
                if current is not None and current.version == number:
                    break
                opened = self._try_open(number)
                if opened is not None:
                    self._snapshot = opened
                    log.info("serving version %s", number)
                    break
            self._seen = seen if self._snapshot is not None else None
            return self._snapshot is not current

    def open(self, number: int) -> Snapshot:
        """One version by its number, whichever serves; WarehouseError when it is gone."""
        return self._opened(read_version(self.folder, number))

    def watch(self, stop: threading.Event, poll_s: float = 0.5) -> threading.Thread:
        """Calls `refresh` from a background thread until `stop`; one stat a poll while nothing changes."""

        def loop() -> None:
            while not stop.is_set():
                try:
                    self.refresh()
                except WarehouseError as error:
                    log.error("%s", error.line())
                stop.wait(poll_s)

        thread = threading.Thread(target=loop, name="warehouse-watch", daemon=True)
        thread.start()
        return thread

    def _pointer_stat(self) -> object:
        try:
            found = (self.folder / "current").stat()
        except OSError:
            return None
        return found.st_ino, found.st_mtime_ns, found.st_size

    def _try_open(self, number: int) -> Snapshot | None:
        try:
            version = read_version(self.folder, number)
        except WarehouseError as error:
            log.error("%s", error.line())
            return None
        problem = check_file(version)
        if not problem:
            try:
                return self._opened(version)
            except WarehouseError as error:
                problem = error.message
        log.error("version %s is damaged and set aside: %s", number, problem)
        if version.path.exists():
            set_aside(version)
        if self._on_damage is not None:
            self._on_damage(number, problem)
        return None

    def _opened(self, version: Version) -> Snapshot:
        return Snapshot(version, self._connect(version.path), self._cache, self._queries, self._timeout_s)

    def _connect(self, path: Path) -> Any:
        import duckdb

        config: dict[str, str | bool | int | float | list[str]] = {
            **self._config,
            "enable_external_access": "false",
            "python_enable_replacements": "false",
            "autoinstall_known_extensions": "false",
            "autoload_known_extensions": "false",
        }
        try:
            connection = duckdb.connect(str(path), read_only=True, config=config)
            # Readers of one process share an instance a file, which the first of them has locked.
            if connection.execute("SELECT current_setting('lock_configuration')").fetchone() == (False,):
                connection.execute("SET GLOBAL TimeZone = 'UTC'; SET lock_configuration = true")
        except duckdb.Error as error:
            raise WarehouseError(f"{path.name} cannot be opened: {str(error).splitlines()[0]}") from error
        return connection


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
