"""What every page and route needs: configuration, state, the reader and the build's own hash."""

from __future__ import annotations

import hashlib
import threading
from pathlib import Path
from typing import cast

from flask import current_app

from data_access.cache import SingleFlight
from data_access.config import Config, load_config
from data_access.live import Live
from data_access.state import DAMAGED, State
from data_access.tokens import TokenCheck
from data_access.warehouse import Reader

EXTENSION = "tandem"
SORTED_KEPT = 16  # orders of tables that people scroll through


class Services:
    """Made once a web process. With a provisional configuration (the demo is still being made) the real file is
    taken up as soon as it stands."""

    def __init__(self, config: Config, *, provisional: bool = False, root: Path | None = None) -> None:
        self._config = config
        self._provisional = provisional
        self._lock = threading.Lock()
        self.state = State(config.state_path)
        self.tokens = TokenCheck(self.state)
        self.reader = Reader(config.warehouse.path, on_damage=self._damaged, live=lambda: Live(self.config, self.state))
        self.sorted = SingleFlight(SORTED_KEPT)
        self.build = build_hash(root or Path(__file__).resolve().parent.parent)

    @property
    def config(self) -> Config:
        if self._provisional and self._config.path.exists():
            with self._lock:
                if self._provisional:
                    self._config = load_config(self._config.path)
                    self._provisional = False
        return self._config

    @property
    def exports(self) -> Path:
        """Where files of exports lie for an hour."""
        return self.config.state_path.parent / "exports"

    @property
    def phase(self) -> str:
        return "ready" if self.reader.ready else "starting"

    def mended(self, version: int) -> None:
        """A version later than a damaged one serves: nothing is wrong any more."""
        damaged = (self.state.fact(DAMAGED) or "").partition(":")[0]
        if damaged.isdigit() and int(damaged) < version:
            self.state.set_fact(DAMAGED, None)

    def _damaged(self, version: int, problem: str) -> None:
        self.state.set_fact(DAMAGED, f"{version}: {problem}")


def services() -> Services:
    """The services of the running application."""
    return cast(Services, current_app.extensions[EXTENSION])


def build_hash(root: Path) -> str:
    """Changes when a panel's bytes may come out differently from the same rows: code and words of components."""
    digest = hashlib.blake2b(digest_size=8)
    for path in sorted((root / "components").rglob("*")):
        if path.suffix in (".py", ".toml"):
            digest.update(str(path.relative_to(root)).encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()
