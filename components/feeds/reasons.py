"""Why a row is held back and how a column changed, in people's language: texts that the sync wrote come apart again."""

from __future__ import annotations

import re

from components.feeds import names
from components.i18n import has, t

KNOWN = {
    "unknown": r"(?P<field>\w+): (?P<thing>\w+) (?P<id>.*) is unknown",
    "missing": r"(?P<field>\w+) is missing",
    "kind": r"(?P<field>\w+): (?P<value>.*) is not (?P<kind>.+)",
    "kinds": r"(?P<field>\w+) is not (?P<kind>.+)",
    "no_key": r"key (?P<field>\w+) is NULL",
    "double": r"duplicate key: .*",
}


def reason(text: str, lang: str) -> str:
    """A reason, or several with ; between them. What is not known stays as it is."""
    return "; ".join(_one(part, lang) for part in text.split("; "))


def _one(text: str, lang: str) -> str:
    for name, pattern in KNOWN.items():
        if found := re.fullmatch(pattern, text, re.S):
            facts = found.groupdict()
            if "thing" in facts:
                facts["thing"] = names.thing(facts["thing"], lang)
            elif has(lang, f"thing.{facts.get('field')}"):
                facts["field"] = names.thing(facts["field"], lang)
            return t(lang, f"reason.{name}", **facts)
    return text


def change(text: str, lang: str) -> str:
    """discount: added (integer), from what the sync says of a changed column: `discount: source: added (integer)`."""
    found = re.fullmatch(r"(.+?): (?:\w+: )?(\w+)( \(.*\))?", text, re.S)
    if found is None or not has(lang, f"change.{found[2]}"):
        return text
    return f"{found[1]}: {t(lang, f'change.{found[2]}')}{found[3] or ''}"
