"""Notices of changes that systems push: whether one is genuine, and what it says. No notice is believed further than
that: what it names is read again from its source."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from data_access.errors import QueryError, TandemError

TOLERANCE_S = 300.0  # how old, or how early, a signed timestamp may be
MAX_BODY = 1 << 20
MOST_NOTICES = 1_000  # in one delivery
LONGEST_WORD = 200
MILLISECONDS_FROM = 1e11  # a timestamp beyond is not in seconds


class Forged(TandemError):
    """The delivery is not signed by who knows the secret, or it was signed long ago."""


@dataclass(frozen=True)
class Delivery:
    """One push as it came; header and query names in lower case."""

    headers: Mapping[str, str]
    query: Mapping[str, str]
    body: bytes


@dataclass(frozen=True)
class Notice:
    """What changed: a stream's, an entity's or a form's name and a key; None where the sender does not say."""

    op: str  # upsert | delete
    entity: str | None
    key: tuple[str, ...] | None


def verify(scheme: str, secret: str, delivery: Delivery, now: float) -> str:
    """The delivery's id; Forged when the signature or its age (`now`: unix seconds) is wrong."""
    known = _jiandaoyun(secret, delivery, now) if scheme == "jiandaoyun" else _hmac(secret, delivery, now)
    return known[:LONGEST_WORD]


def parse(scheme: str, body: bytes) -> list[Notice]:
    """The notices of a verified body; QueryError when it is none of the scheme's documents."""
    try:
        document = json.loads(body)
        json.dumps(document, ensure_ascii=False).encode()
    except UnicodeEncodeError as error:
        raise QueryError("the body has half a character", "send whole characters, as UTF-8") from error
    except (ValueError, RecursionError) as error:
        raise QueryError("the body is not JSON", "send the documented notice") from error
    if scheme == "jiandaoyun":
        return [_pushed(document)]
    found = document if isinstance(document, list) else [document]
    if len(found) > MOST_NOTICES:
        raise QueryError(f"more than {MOST_NOTICES} notices in one delivery", "send several deliveries")
    return [_generic(each) for each in found]


def _jiandaoyun(secret: str, delivery: Delivery, now: float) -> str:
    """Its two headers come in either order: the one that verifies is the signature, the other the id."""
    timestamp, nonce = delivery.query.get("timestamp", ""), delivery.query.get("nonce", "")
    text = b":".join((nonce.encode(), delivery.body, secret.encode(), timestamp.encode()))
    wanted = hashlib.sha1(text).hexdigest()
    names = ("x-jdy-signature", "x-jdy-deliverid")
    given = [delivery.headers.get(name, "") for name in names]
    genuine = [hmac.compare_digest(value.removeprefix("sha1=").encode(), wanted.encode()) for value in given]
    _check_age(timestamp, now)
    if not any(genuine):
        raise Forged("the signature is wrong", "set the secret of the push as hook_secret of this source")
    return given[1 - genuine.index(True)] or _digest(delivery.body, nonce, timestamp)


def _hmac(secret: str, delivery: Delivery, now: float) -> str:
    timestamp = delivery.headers.get("x-tandem-timestamp", "")
    wanted = hmac.new(secret.encode(), timestamp.encode() + b"." + delivery.body, hashlib.sha256).hexdigest()
    given = delivery.headers.get("x-tandem-signature", "")
    genuine = hmac.compare_digest(given.encode(), f"sha256={wanted}".encode())
    _check_age(timestamp, now)
    if not genuine:
        raise Forged("the signature is wrong", 'X-Tandem-Signature: sha256=<hex HMAC of "<timestamp>.<body>">')
    return delivery.headers.get("x-tandem-delivery", "") or _digest(delivery.body, timestamp)


def _check_age(timestamp: str, now: float) -> None:
    try:
        at = float(timestamp)
    except ValueError:
        raise Forged("the timestamp is missing", "sign with the present unix time") from None
    at = at / 1000 if at > MILLISECONDS_FROM else at
    if not abs(now - at) <= TOLERANCE_S:
        raise Forged("the timestamp is too old or too early", "set the sender's clock; sign each attempt anew")


def _digest(body: bytes, *words: str) -> str:
    return hashlib.blake2b(b":".join((*(word.encode() for word in words), body)), digest_size=16).hexdigest()


def _pushed(document: Any) -> Notice:
    op, data = (document.get("op"), document.get("data")) if isinstance(document, dict) else (None, None)
    if not isinstance(op, str) or not isinstance(data, dict):
        raise QueryError("a push is {op, data}", "send what Jiandaoyun's data push sends")
    entity, key = _word(data.get("formName")) or _word(data.get("entryId")), _word(data.get("_id"))
    return Notice("delete" if op == "data_remove" else "upsert", entity, (key,) if key else None)


def _generic(document: Any) -> Notice:
    if not isinstance(document, dict):
        raise QueryError("a notice is an object", 'like {"entity": "customer", "key": "17", "op": "upsert"}')
    op = document.get("op", "upsert")
    if op not in ("upsert", "delete"):
        raise QueryError("op is neither upsert nor delete", "leave it out, or send one of them")
    key = document.get("key")
    parts = [_word(part) for part in (key if isinstance(key, list) else [] if key is None else [key])]
    if None in parts or len(parts) > 16:
        raise QueryError("key is no text or number", 'send "key": "17", or ["17", "en"] where it has parts')
    entity = _word(document.get("stream")) or _word(document.get("entity"))
    return Notice(op, entity, tuple(part for part in parts if part is not None) or None)


def _word(value: Any) -> str | None:
    """A short text or a whole number as text."""
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) < 10**30:
        value = str(value)
    return value if isinstance(value, str) and 0 < len(value) <= LONGEST_WORD else None
