"""Alerts as messages: in the company's language, in the document each kind of receiver asks for."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from data_access.alerts.book import Due
from data_access.alerts.causes import Cause
from data_access.clock import parse_iso
from data_access.config import Company


@cache
def _words() -> Mapping[str, Mapping[str, str]]:
    with open(Path(__file__).with_name("words.toml"), "rb") as file:
        return dict(tomllib.load(file))


def text_of(cause: Cause, company: Company) -> str:
    """The one sentence that says what is wrong."""
    return _words()[company.language][cause.kind].format(subject=cause.subject, count=f"{cause.count:,}")


def sentence(message: Due, company: Company) -> str:
    """The whole message, with times by the company's clocks."""
    alert = message.alert
    times = {"since": _local(alert.since, company), "until": _local(alert.recovered_at or alert.since, company)}
    return _words()[company.language][message.how].format(company=company.name, text=alert.text, **times)


def document(form: str, message: Due, company: Company) -> dict[str, Any]:
    """The JSON body a receiver of this format takes."""
    return _FORMS[form](message, sentence(message, company), company)


def accepted(form: str, answer: Any) -> bool:
    """Whether the body of a 2xx answer says that the message was taken: chat robots say no with a 200."""
    codes = {"wecom": ("errcode",), "dingtalk": ("errcode",), "feishu": ("code", "StatusCode")}.get(form, ())
    if not codes:
        return True
    return isinstance(answer, dict) and any(answer.get(code) == 0 for code in codes)


def _plain(message: Due, text: str, company: Company) -> dict[str, Any]:
    alert = message.alert
    facts = {"kind": alert.kind, "subject": alert.subject, "since": alert.since, "recovered_at": alert.recovered_at}
    return {"product": "tandem", "company": company.name, "state": message.how, **facts, "text": text}


def _slack(message: Due, text: str, company: Company) -> dict[str, Any]:
    return {"text": text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")}


_FORMS: dict[str, Callable[[Due, str, Company], dict[str, Any]]] = {
    "json": _plain,
    "wecom": lambda _, text, company: {"msgtype": "text", "text": {"content": text}},
    "dingtalk": lambda _, text, company: {"msgtype": "text", "text": {"content": text}},
    "feishu": lambda _, text, company: {"msg_type": "text", "content": {"text": text}},
    "slack": _slack,
}


def _local(text: str, company: Company) -> str:
    moment: datetime = parse_iso(text).astimezone(ZoneInfo(company.timezone))
    return f"{moment:%Y-%m-%d %H:%M}"
