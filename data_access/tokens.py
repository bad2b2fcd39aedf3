"""Wall tokens: shown once, stored as hashes, revocable at once."""

from __future__ import annotations

import hashlib
import re
import secrets
import threading
import time
from dataclasses import dataclass

from data_access.clock import iso, utc_now
from data_access.errors import TandemError
from data_access.state import State

RECHECK_S = 10.0
SEEN_EVERY_S = 60.0


@dataclass(frozen=True)
class KioskToken:
    """A wall display's right to look; times are UTC ISO text."""

    id: int
    name: str
    created_at: str
    revoked_at: str | None
    last_seen_at: str | None


def add_token(state: State, name: str) -> str:
    """A new token for the display `name`; the text is not kept and cannot be shown again."""
    if not re.fullmatch(r"[\w .\-]{1,60}", name):
        raise TandemError(f'"{name}" cannot be a display\'s name', "use letters, digits, spaces, - and _ (60 at most)")
    if any(token.name == name and token.revoked_at is None for token in list_tokens(state)):
        raise TandemError(
            f'a display named "{name}" already has a token', f'`kiosk revoke "{name}"` first, or use another name'
        )
    token = secrets.token_urlsafe(32)
    sql = "INSERT INTO kiosk_token (name, token_hash, created_at) VALUES (?, ?, ?) RETURNING id"
    state.execute(sql, (name, _hash(token), iso(utc_now())))
    return token


def list_tokens(state: State) -> list[KioskToken]:
    rows = state.execute("SELECT id, name, created_at, revoked_at, last_seen_at FROM kiosk_token ORDER BY id")
    return [KioskToken(**row) for row in rows]


def revoke_token(state: State, name: str) -> int:
    """Takes the right from every live token of that name (or id); how many. TandemError when there is none."""
    live = [token for token in list_tokens(state) if token.revoked_at is None]
    mine = [token.id for token in live if name in (token.name, str(token.id))]
    found = [
        row
        for token_id in mine
        for row in state.execute(
            "UPDATE kiosk_token SET revoked_at = ? WHERE id = ? RETURNING id", (iso(utc_now()), token_id)
        )
    ]
    if not found:
        raise TandemError(f'no display named "{name}" has a token', "`kiosk list` shows them")
    return len(found)


class TokenCheck:
    """Whether a token is valid, asking the store at most once in RECHECK_S for each."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._lock = threading.Lock()
        self._known: dict[str, tuple[float, bool]] = {}
        self._seen: dict[str, float] = {}

    def valid(self, token: str) -> bool:
        if not 20 <= len(token) <= 100:
            return False
        hashed, now = _hash(token), time.monotonic()
        with self._lock:
            at, answer = self._known.get(hashed, (-RECHECK_S, False))
        if now - at < RECHECK_S and answer:
            return True
        found = self._state.execute("SELECT revoked_at FROM kiosk_token WHERE token_hash = ?", (hashed,))
        answer = bool(found) and found[0]["revoked_at"] is None
        with self._lock:
            if len(self._known) > 1000:
                self._known.clear()
            self._known[hashed] = (now, answer)
            mark = answer and now - self._seen.get(hashed, -SEEN_EVERY_S) >= SEEN_EVERY_S
            if mark:
                self._seen[hashed] = now
        if mark:
            self._state.execute(
                "UPDATE kiosk_token SET last_seen_at = ? WHERE token_hash = ?", (iso(utc_now()), hashed)
            )
        return answer


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
