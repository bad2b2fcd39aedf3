"""The reader: one whole published version at a time, read-only, cached by content, watched for the next."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from data_access.access import EVERYONE, Scope
from data_access.cache import SingleFlight
from data_access.errors import WarehouseError
from data_access.result import Result
from data_access.snapshot import Snapshot
from data_access.sqlfile import QUERIES
from data_access.versions import Version, check_file, mend_pointer, read_version, set_aside, version_numbers

if TYPE_CHECKING:
    from data_access.live import Live

log = logging.getLogger("tandem.warehouse")


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
        live: Callable[[], Live] | None = None,
    ) -> None:
        self.folder = folder
        self._queries = queries
        self._timeout_s = timeout_s
        self._config: dict[str, str | bool | int | float | list[str]] = {"memory_limit": memory, "threads": threads}
        self._cache = SingleFlight(cache_size)
        self._on_damage = on_damage
        self._live = live
        self._snapshot: Snapshot | None = None
        self._seen: object = None
        self._told = ""
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
            if error.line() != self._told:  # it is looked for again and again while nothing else serves
                log.error("%s", error.line())
            self._told = error.line()
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
        made = Snapshot(version, self._connect(version.path), self._cache, self._queries, self._timeout_s)
        return made.beside(self._live() if self._live else None)

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
