"""The simulator: one address, up to three systems behind it, one clock, one list of faults, one log."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol, TypeVar

from tests.simulator.erpnext import ERPNext
from tests.simulator.faults import Fault, FaultBook, change, instead
from tests.simulator.jiandaoyun import Jiandaoyun
from tests.simulator.odoo import Odoo
from tests.simulator.wire import Reply, Request, Server


@dataclass(frozen=True)
class Seen:
    """One request as the log keeps it; `subject` is what a fault's `match` was compared with."""

    time: datetime
    system: str
    path: str
    method: str
    status: int
    subject: str
    faults: tuple[str, ...] = ()


class System(Protocol):
    name: str

    def owns(self, path: str) -> bool: ...
    def subject(self, request: Request) -> str: ...
    def answer(self, request: Request) -> Reply: ...
    def refusal(self, kind: str, **options: Any) -> Reply: ...
    def answered(self) -> None: ...
    def commit(self) -> None: ...
    def close(self) -> None: ...


Found = TypeVar("Found", bound=System)


class Simulator:
    """Use as a context manager, or `start()` and `stop()`; started again it keeps its port and its data.

    latency: seconds before every answer. clock: the source's own clock (UTC); `skew` seconds are added to it.
    """

    def __init__(self, latency: float = 0.0, clock: Callable[[], datetime] | None = None) -> None:
        self.latency = latency
        self.skew = 0.0
        self.requests: list[Seen] = []
        self.faults = FaultBook()
        self.lock = threading.RLock()
        self._clock = clock or (lambda: datetime.now(UTC))
        self._systems: dict[str, System] = {}
        self._server: Server | None = None
        self._port = 0

    def __enter__(self) -> Simulator:
        return self.start()

    def __exit__(self, *exc: object) -> None:
        self.close()

    def start(self) -> Simulator:
        if self._server is None:
            self._server = Server(self._handle, self.now, self._port)
            self._port = self._server.port
        return self

    def stop(self) -> None:
        """The source dies: nobody listens, connections are cut, the data stays."""
        if self._server is not None:
            self._server.close()
            self._server = None

    def close(self) -> None:
        for system in self._systems.values():
            system.close()
        self.stop()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._port}"

    def now(self) -> datetime:
        seconds = self.skew + sum(f.options.get("seconds", 0) for f in self.faults.active("skew"))
        return self._clock() + timedelta(seconds=seconds)

    def jiandaoyun(self, api_key: str, **limits: Any) -> Jiandaoyun:
        return self._add(Jiandaoyun(self, api_key, **limits))

    def odoo(self, api_key: str, **options: Any) -> Odoo:
        return self._add(Odoo(self, api_key, **options))

    def erpnext(self, api_key: str, api_secret: str, **options: Any) -> ERPNext:
        return self._add(ERPNext(self, api_key, api_secret, **options))

    def fault(self, fault: Fault) -> Fault:
        with self.lock:
            return self.faults.add(fault)

    def clear_faults(self) -> None:
        """Back to good behaviour: changes held back by `late_commit` show at once."""
        with self.lock:
            self.faults.clear()
            for system in self._systems.values():
                system.commit()

    def requested(self, match: str = "") -> list[Seen]:
        """The requests whose subject contains this text."""
        with self.lock:
            return [seen for seen in self.requests if match in seen.subject]

    def _add(self, system: Found) -> Found:
        self._systems[system.name] = system
        return system

    def _handle(self, request: Request) -> Reply:
        with self.lock:
            system = next((s for s in self._systems.values() if s.owns(request.path)), None)
            subject = f"{request.method} {request.path}"
            if system is not None:
                subject = f"{subject} {system.subject(request)}".rstrip()
            hits = self.faults.hits(subject)
        self._wait(self.latency + sum(f.options.get("seconds", 1.0) for f in hits if f.kind == "slow"))
        with self.lock:
            reply = self._answer(system, request, hits, subject)
            name = system.name if system else ""
            kinds = tuple(f.kind for f in hits)
            self.requests.append(Seen(self.now(), name, request.path, request.method, reply.status, subject, kinds))
        return reply

    def _answer(self, system: System | None, request: Request, hits: list[Fault], subject: str) -> Reply:
        if system is None:
            return Reply({"error": "not found"}, 404)
        for fault in hits:
            if (reply := instead(fault, system)) is not None:
                return reply
        reply = system.answer(request)
        system.answered()
        for fault in hits:
            reply = change(fault, reply, subject)
        return reply

    def _wait(self, seconds: float) -> None:
        if seconds > 0 and self._server is not None:
            self._server.stopping.wait(seconds)
