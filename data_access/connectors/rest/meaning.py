"""What a refusal means: wait, credentials, reject this row, or stop; by the profile's rules, then by HTTP's."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any
from zoneinfo import ZoneInfo

from data_access.connectors.rest.spec import ErrorRule, Rest
from data_access.connectors.rest.template import look
from data_access.errors import SourceError

OTHER_MESSAGES = ("message", "msg", "error.message", "error", "detail", "exception")
_WAITING = {408, 423, 425, 429}


class Wait(SourceError):
    """The system asks to come again later, `after` seconds if it says so: no failure as long as there is time."""

    def __init__(self, message: str, after: float | None = None) -> None:
        super().__init__(message, "it is read again later", transient=True)
        self.after = after


class Rejected(SourceError):
    """The system refuses just what was asked for (a row that is gone, a filter it does not know)."""


class Ended(SourceError):
    """Nothing more can be had until `seconds` from now (a daily quota is used up)."""

    def __init__(self, message: str, seconds: float) -> None:
        super().__init__(message, f"it is read again in {seconds / 3600:.1f} hours")
        self.seconds = seconds


def error_of(rest: Rest, status: int, headers: Mapping[str, str], body: Any, place: str, now: datetime) -> (
    SourceError | None
):  # fmt: skip
    """The error an answer is, None where it is none. `now` is the UTC instant, for dates and quotas."""
    code = look(body, rest.code)
    text = _message(rest, body)
    rule = next((rule for rule in rest.error if _fits(rule, status, code, text)), None)
    if rule is None and status < 400:
        return None
    means = rule.means if rule else _usual(status)
    said = f"{place} answered {status}{f' (code {code})' if code is not None else ''}{f': {text}' if text else ''}"
    if means == "wait":
        return Wait(said, retry_after(headers, now)) if rule or status in _WAITING or status == 503 else _fault(said)
    if means == "credentials":
        return SourceError(f"{said}; it refuses the credentials", "check the key and its rights, and renew it",
                           credentials=True)  # fmt: skip
    if means == "reject":
        return Rejected(said, "correct the profile to what the system allows")
    if rule and rule.until:
        return Ended(said, _seconds_to(rule.until, now, rest.time.zone))
    return SourceError(said, "run doctor: it compares the profile with the system")


def retry_after(headers: Mapping[str, str], now: datetime) -> float | None:
    """Seconds that Retry-After asks for, as a number or a date; None where it says nothing usable."""
    text = headers.get("retry-after", "").strip()
    if re.fullmatch(r"\d+(\.\d+)?", text):
        return float(text)
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return None
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return max(0.0, (aware - now).total_seconds())


def _fault(said: str) -> SourceError:
    return SourceError(said, "it is tried again; see that system's log if it stays", transient=True)


def _fits(rule: ErrorRule, status: int, code: Any, text: str) -> bool:
    if rule.status is None and status < 400 and rule.code is None:
        return False
    return (
        (rule.status is None or rule.status == status)
        and (rule.code is None or str(rule.code) == str(code))
        and (rule.text is None or re.search(rule.text, text) is not None)
    )


def _usual(status: int) -> str:
    if status in (401, 403):
        return "credentials"
    if status in _WAITING or status >= 500:
        return "wait"
    return "reject" if status in (404, 410) else "stop"


def _message(rest: Rest, body: Any) -> str:
    for path in (rest.message, *OTHER_MESSAGES):
        found = look(body, path)
        if isinstance(found, str | int) and str(found).strip():
            return " ".join(str(found).split())[:300]
    return ""


def _seconds_to(turn: str, now: datetime, zone: str) -> float:
    here = now.astimezone(ZoneInfo(zone))
    start = here.replace(minute=0, second=0, microsecond=0)
    following = start + timedelta(hours=1) if turn == "hour" else start.replace(hour=0) + timedelta(days=1)
    return (following - here).total_seconds()
