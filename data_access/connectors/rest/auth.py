"""Signing in: what goes with every request, and logging in again when a session has ended."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator, Mapping
from typing import Any
from urllib.parse import quote

from data_access.connectors.rest.account import Account
from data_access.connectors.rest.spec import Auth, Request
from data_access.connectors.rest.template import fill, look
from data_access.errors import SourceError
from data_access.secrets import may_hold_secret, redact

SHORTEST_SECRET = 4

Login = Callable[[Request], tuple[Any, dict[str, str]]]  # the login request -> its answer and its cookies


class SignIn:
    """Credentials of one source; nothing here shows them."""

    def __init__(self, auth: Auth, settings: Mapping[str, Any], account: Account) -> None:
        self._auth, self._account = auth, account
        self._token = fill(auth.token, settings) or ""
        self._user, self._password = fill(auth.user, settings) or "", fill(auth.password, settings) or ""
        self._secrets = sorted(self._spellings(settings), key=len, reverse=True)

    def __repr__(self) -> str:
        return f"SignIn({self._auth.kind})"

    def headers(self) -> dict[str, str]:
        """What a request carries; for a session what its login gave."""
        auth = self._auth
        if auth.kind == "bearer":
            return {"Authorization": f"Bearer {self._token}"}
        if auth.kind == "key" and auth.header:
            return {auth.header: self._token}
        if auth.kind == "basic":
            pair = base64.b64encode(f"{self._user}:{self._password}".encode()).decode()
            return {"Authorization": f"Basic {pair}"}
        if auth.kind == "session":
            _, token, cookies = self._account.session
            cookie = {"Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items())} if cookies else {}
            return cookie | ({"Authorization": f"Bearer {token}"} if token else {})
        return {}

    def query(self) -> dict[str, str]:
        return {self._auth.query: self._token} if self._auth.kind == "key" and self._auth.query else {}

    @property
    def session(self) -> int:
        """The number of the session in use; 0 before the first login and where there are none."""
        return self._account.session[0]

    @property
    def has_sessions(self) -> bool:
        return self._auth.kind == "session"

    def log_in(self, ended: int, send: Login) -> None:
        """A new session in place of the one numbered `ended`; once for all threads that met its end."""
        auth, account = self._auth, self._account
        with account.lock:
            if account.session[0] != ended or auth.login is None:
                return
            answer, cookies = send(auth.login)
            token = look(answer, auth.token_at) if auth.token_at else ""
            if not (token or cookies):
                raise SourceError("the login gave neither cookie nor token", "check the login request in the profile")
            account.session = (ended + 1, str(token or ""), cookies)

    def scrub(self, text: str) -> str:
        """The text without any secret of this source, however it is written."""
        _, token, cookies = self._account.session
        for secret in (*self._secrets, token, *cookies.values()):
            if len(secret) >= SHORTEST_SECRET:
                text = text.replace(secret, "***")
        return redact(text)

    def _spellings(self, settings: Mapping[str, Any]) -> Iterator[str]:
        plain = [str(value) for name, value in settings.items() if may_hold_secret(name)]
        for secret in {*plain, self._token, self._password}:
            if len(secret) >= SHORTEST_SECRET:
                yield from (secret, quote(secret, safe=""), base64.b64encode(secret.encode()).decode())
        if self._password:
            yield base64.b64encode(f"{self._user}:{self._password}".encode()).decode()
