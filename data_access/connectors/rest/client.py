"""Requests to one system: paced, signed in, bounded in time and size, and tried again where that can help."""

from __future__ import annotations

import logging
import random
import ssl
import time
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

import httpx
import tenacity

from data_access.connectors.rest.account import Account, account_of
from data_access.connectors.rest.auth import SignIn
from data_access.connectors.rest.body import parse, read_body
from data_access.connectors.rest.guard import Guard, base_url
from data_access.connectors.rest.meaning import Ended, Wait, error_of
from data_access.connectors.rest.spec import Request, Rest
from data_access.connectors.rest.template import as_text, fill, fill_path, look
from data_access.errors import ConfigError, SourceError

# It tells every address it calls, and a key may stand in one.
logging.getLogger("httpx").setLevel(logging.WARNING)

BACKOFF_SECONDS, BACKOFF_CAP = 0.5, 30.0
MOST_DOUBLINGS = 10  # far beyond the cap; a limit may be waited for more often than a float can double
MOST_REDIRECTS = 5
CONNECT_SECONDS = 10.0
IDLE_SECONDS = 60.0


@dataclass(frozen=True)
class Answer:
    """A parsed answer; `rows` is what stands at the request's `rows` path."""

    body: Any
    rows: Any
    headers: Mapping[str, str]


@dataclass(frozen=True)
class Clock:
    """Time and chance, replaceable."""

    seconds: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep
    chance: Callable[[], float] = random.random
    now: Callable[[], datetime] = lambda: datetime.now(UTC)


class Client:
    """Sends a profile's requests. May be used from several threads at a time."""

    def __init__(
        self, rest: Rest, address: str, settings: Mapping[str, Any], account: Account | None = None,
        clock: Clock | None = None,
    ) -> None:  # fmt: skip
        self.rest, self.settings, self.clock = rest, settings, clock or Clock()
        self._base = base_url(address)
        secrets = [str(value) for value in settings.values()]
        self.account = account or account_of(str(self._base), secrets, rest.limits.rate)
        self._sign_in = SignIn(rest.auth, settings, self.account)
        self._guard = Guard(self._base, settings.get("allow_hosts", ()))
        timeout = httpx.Timeout(min(IDLE_SECONDS, rest.limits.request), connect=CONNECT_SECONDS)
        limits = httpx.Limits(max_connections=rest.limits.parallel + 1)
        self._http = httpx.Client(verify=_trust(settings), timeout=timeout, limits=limits, trust_env=True)

    def __repr__(self) -> str:
        return f"Client({self._base.host})"

    @property
    def place(self) -> str:
        return self._base.host

    def close(self) -> None:
        self._http.close()

    def call(self, request: Request, known: Mapping[str, Any], url: str | None = None) -> Answer:
        """One request, tried again until it answers, its attempts or its time are used up; SourceError then. `url` is
        a next page's address that an answer gave."""
        started = self.clock.seconds()
        retrying = tenacity.Retrying(
            retry=tenacity.retry_if_exception(lambda error: isinstance(error, SourceError) and error.transient),
            wait=self._pause,
            stop=lambda state: self._give_up(state, started),
            sleep=self.clock.sleep,
            reraise=True,
        )
        try:
            return retrying(self._signed_in, request, known, url, started)
        except SourceError as error:
            error.message = self._sign_in.scrub(error.message)
            error.args = (error.message,)
            raise

    def _signed_in(self, request: Request, known: Mapping[str, Any], url: str | None, started: float) -> Answer:
        session = self._sign_in.session
        if self._sign_in.has_sessions and not session:
            self._log_in(0, started)
            session = self._sign_in.session
        status, answer = self._once(request, known, url, started)
        if status == 401 and self._sign_in.has_sessions:
            self._log_in(session, started)
            status, answer = self._once(request, known, url, started)
        error = error_of(self.rest, status, answer.headers, answer.body, self.place, self.clock.now())
        if error is None:
            return answer
        if isinstance(error, Ended):
            self.account.pacer.hold(error.seconds, error.message)
        if isinstance(error, Wait) and error.after:
            self.account.pacer.hold(error.after, error.message)
        raise error

    def _log_in(self, ended: int, started: float) -> None:
        def send(login: Request) -> tuple[Any, dict[str, str]]:
            status, answer = self._once(login, self.settings, None, started, signed=False)
            error = error_of(self.rest, status, answer.headers, answer.body, self.place, self.clock.now())
            if error is not None:
                raise error if error.transient else SourceError(
                    f"{error.message}; the login failed", "check user and password in the source's settings"
                )  # fmt: skip
            cookies = {cookie.name: cookie.value or "" for cookie in self._http.cookies.jar}
            self._http.cookies.clear()
            return answer.body, cookies

        self._sign_in.log_in(ended, send)

    def _once(
        self, request: Request, known: Mapping[str, Any], url: str | None, started: float, signed: bool = True
    ) -> tuple[int, Answer]:  # fmt: skip
        target = self._target(request, known, url)
        content = None if request.body is None else as_text(fill(request.body, known)).encode()
        credentials = signed
        for _ in range(MOST_REDIRECTS):
            credentials = self._guard.admits(target) and credentials
            with self._errors():
                status, headers, data, response = self._exchange(request.method, target, content, credentials, started)
            if "location" not in headers or status not in (301, 302, 303, 307, 308):
                self._note_quota(headers)
                return status, self._answer(request, status, headers, data, response)
            target = target.join(headers["location"])
        raise SourceError(f"{self.place} redirects without end", "correct base_url")

    def _target(self, request: Request, known: Mapping[str, Any], url: str | None) -> httpx.URL:
        if url is not None:
            return self._base.join(url)
        target = self._base.join(fill_path(request.path, known).lstrip("/"))
        query = {name: as_text(value) for name, value in fill(request.query, known).items()}
        return target.copy_merge_params({**query, **self._sign_in.query()})

    def _exchange(
        self, method: str, target: httpx.URL, content: bytes | None, signed: bool, started: float
    ) -> tuple[int, httpx.Headers, bytes, httpx.Response]:
        headers = {"Accept": "application/json", "Accept-Encoding": "gzip", "User-Agent": "tandem"}
        if content is not None:
            headers["Content-Type"] = "application/json; charset=utf-8"
        if signed:
            headers |= {name: text for name, text in fill(self.rest.headers, self.settings).items() if text}
            headers |= self._sign_in.headers()
        with ExitStack() as opened:
            with self.account.pacer.turn(target.path):  # until the answer begins: then the request was counted
                answer = self._http.stream(method, target, content=content, headers=headers)
                response = opened.enter_context(answer)
            data = read_body(response, self.rest.limits, lambda: self._still_time(started))
            return response.status_code, response.headers, data, response

    def _answer(
        self, request: Request, status: int, headers: httpx.Headers, data: bytes, response: httpx.Response
    ) -> Answer:
        if status >= 400:
            try:
                return Answer(parse(data, response), None, headers)
            except SourceError:
                return Answer(None, None, headers)
        body = parse(data, response)
        return Answer(body, look(body, request.rows), headers)

    def _note_quota(self, headers: httpx.Headers) -> None:
        quota = self.rest.quota
        if quota is not None and quota.left in headers:
            self.account.quota = {"left": headers[quota.left], "reset": headers.get(quota.reset, "")}

    def _still_time(self, started: float) -> None:
        if self.clock.seconds() - started > self.rest.limits.request:
            raise SourceError(f"{self.place} took longer than {self.rest.limits.request:.0f} s for one request",
                              "ask for smaller pages, or raise rest.limits.request", transient=True)  # fmt: skip

    def _pause(self, state: tenacity.RetryCallState) -> float:
        error = state.outcome.exception() if state.outcome else None
        doubled = BACKOFF_SECONDS * 2.0 ** min(state.attempt_number - 1, MOST_DOUBLINGS)
        backoff = self.clock.chance() * min(BACKOFF_CAP, doubled)
        return max(getattr(error, "after", None) or 0.0, backoff)

    def _give_up(self, state: tenacity.RetryCallState, started: float) -> bool:
        error = state.outcome.exception() if state.outcome else None
        late = self.clock.seconds() - started + state.upcoming_sleep > self.rest.limits.request
        return late or (not isinstance(error, Wait) and state.attempt_number >= self.rest.limits.attempts)

    def _errors(self) -> _Errors:
        return _Errors(self.place)

    def source_time(self, headers: Mapping[str, str]) -> datetime:
        """The system's clock by its Date header (whole seconds, rounded down); ours where it tells none."""
        try:
            return parsedate_to_datetime(headers["date"]).astimezone(UTC)
        except (KeyError, ValueError):
            return self.clock.now()


class _Errors:
    """What goes wrong on the way becomes a SourceError."""

    def __init__(self, place: str) -> None:
        self.place = place

    def __enter__(self) -> None: ...

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if not isinstance(error, httpx.HTTPError | httpx.InvalidURL):
            return
        text = str(error) or type(error).__name__
        if "CERTIFICATE" in text.upper():
            hint = "have its certificate renewed, or name its authority's file in ca_bundle"
            raise SourceError(f"{self.place} has no valid certificate: {text}", hint) from error
        if isinstance(error, httpx.TimeoutException):
            raise SourceError(f"{self.place} did not answer in time", "it is tried again", transient=True) from error
        if isinstance(error, httpx.ConnectError):
            hint = "check that it runs and that base_url is right"
            raise SourceError(f"{self.place} cannot be reached: {text}", hint, transient=True) from error
        raise SourceError(f"{self.place} broke off its answer: {text}", "it is tried again", transient=True) from error


def _trust(settings: Mapping[str, Any]) -> ssl.SSLContext:
    """Certificates are always checked; `ca_bundle` adds a company's own authority."""
    context = httpx.create_ssl_context()
    bundle = settings.get("ca_bundle")
    if bundle:
        try:
            context.load_verify_locations(cafile=str(bundle))
        except (OSError, ssl.SSLError) as error:
            raise ConfigError(f"ca_bundle: {bundle} cannot be used ({error})", "name a PEM file") from error
    return context
