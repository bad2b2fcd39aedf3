"""One message to the configured address: bounded in time, no redirects followed, the address never told."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from data_access.alerts.messages import accepted
from data_access.errors import TandemError

TIMEOUT_S = 10.0
ATTEMPTS = 3
PAUSE_S = 1.0
HINT = "check alerts.webhook and alerts.format"


def send(url: str, form: str, body: dict[str, Any], sleep: Callable[[float], object] = time.sleep) -> None:
    """Delivers the message; TandemError when it was not taken after a few attempts."""
    problem = ""
    for attempt in range(ATTEMPTS):
        if attempt:
            sleep(PAUSE_S * 2 ** (attempt - 1))
        problem, again = _attempt(url, form, body)
        if not problem:
            return
        if not again:
            break
    raise TandemError(f"an alert could not be sent: {problem}", HINT)


def _attempt(url: str, form: str, body: dict[str, Any]) -> tuple[str, bool]:
    """What went wrong (nothing: it was taken), and whether trying again can help."""
    import httpx

    try:
        answer = httpx.post(url, json=body, timeout=TIMEOUT_S, follow_redirects=False)
    except httpx.InvalidURL:
        return "the address is none", False
    except httpx.UnsupportedProtocol:
        return "the address does not begin with http:// or https://", False
    except httpx.HTTPError as error:
        return f"the receiver cannot be reached ({type(error).__name__})", True
    if answer.is_redirect:
        return "the receiver redirects, which is not followed", False
    if not answer.is_success:
        return f"the receiver answered {answer.status_code}", answer.status_code >= 500 or answer.status_code == 429
    try:
        taken = accepted(form, answer.json())
    except ValueError:
        taken = accepted(form, None)
    return ("", False) if taken else ("the receiver answered that it does not take it", False)
