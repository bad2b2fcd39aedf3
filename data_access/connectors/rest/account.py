"""What all connectors to one account of a system share in this process: pace, session, and what was looked up."""

from __future__ import annotations

import hashlib
import threading
import time
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from data_access.connectors.rest.limits import Pacer
from data_access.connectors.rest.spec import Rate

T = TypeVar("T")
LOOKED_UP_SECONDS = 600.0


@dataclass
class Account:
    """One address with one set of credentials. `session` is what the login gave (token, cookies), with its number."""

    pacer: Pacer
    clock: Callable[[], float] = time.monotonic
    lock: threading.RLock = field(default_factory=threading.RLock, repr=False)
    session: tuple[int, str, dict[str, str]] = field(default=(0, "", {}), repr=False)
    quota: dict[str, str] = field(default_factory=dict)
    absent: dict[str, frozenset[str]] = field(default_factory=dict)  # stream -> declared fields that no row had lately
    _kept: dict[Hashable, tuple[float, Any]] = field(default_factory=dict, repr=False)

    def remember(self, name: Hashable, find: Callable[[], T]) -> T:
        """What `find` answered in the last ten minutes."""
        with self.lock:  # held while it is looked up, so that several threads ask once
            at, value = self._kept.get(name, (0.0, None))
            if value is None or self.clock() - at > LOOKED_UP_SECONDS:
                value = find()
                self._kept[name] = (self.clock(), value)
            found: T = value
            return found

    def forget(self) -> None:
        """Names are looked up again: something no longer fits them."""
        with self.lock:
            self._kept.clear()


_accounts: dict[str, Account] = {}
_lock = threading.Lock()


def account_of(base_url: str, secrets: Sequence[str], rates: Sequence[Rate]) -> Account:
    """The one account of this address and these credentials."""
    name = hashlib.sha256("\x1f".join([base_url, *secrets, *map(repr, rates)]).encode()).hexdigest()
    with _lock:
        return _accounts.setdefault(name, Account(Pacer(rates)))
