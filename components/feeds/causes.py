"""Why a source could not be read and what helps, in people's language: texts of the connectors come apart again."""

from __future__ import annotations

import re

from components.feeds import names
from components.i18n import has, t

_WHERE = r" \([^()]*, stream \w+\)"  # of which profile: whoever reads it stands before that feed
_SAID = r"(?:: (?P<detail>.*))?"
KNOWN = {
    "unreachable": rf"(?P<place>.+?) cannot be reached{_SAID}",
    "login": rf"(?P<place>.+?) refused the login{_SAID}",
    "database": rf"(?P<place>.+?) has no such database{_SAID}",
    "rights": rf"(?P<place>.+?) denies reading{_SAID}",
    "schema": rf"(?P<place>.+?) does not match the profile{_SAID}",
    "busy": rf"(?P<place>.+?) is busy or the read was cancelled{_SAID}",
    "closed": rf"(?P<place>.+?) closed the connection{_SAID}",
    "unread": rf"(?P<place>.+?) could not be read{_SAID}",
    "silent": r"(?P<place>.+?) did not answer in time",
    "cut": rf"(?P<place>.+?) broke off its answer{_SAID}",
    "damaged": r"(?P<place>.+?) answered (?:damaged data|data that are)(?P<detail>.*)",
    "certificate": rf"(?P<place>.+?) has no valid certificate{_SAID}",
    "page": r"(?P<place>.+?) answered a web page where data were expected",
    "slow": r"(?P<place>.+?) took longer than (?P<seconds>\d+) s for one (?:request|stream)",
    "quota": r"(?P<detail>.+); requests are possible again in (?P<seconds>\d+) s",
    "signed_in": r"(?P<detail>.+); the login failed",
    "key": r"(?P<place>.+?) answered (?P<detail>\d{3}.*); it refuses the credentials",
    "answered": r"(?P<place>.+?) answered (?P<detail>\d{3}.*)",
    "empty": r"(?P<place>.+?): stream (?P<stream>\w+) answered no rows where (?P<rows>\d+) were",
    "deletes": r"(?P<place>.+?): stream (?P<stream>\w+) would delete (?P<gone>\d+) of (?P<rows>\d+) rows",
    "frozen": r"stream (?P<stream>\w+) is frozen, its source changed: (?P<detail>.*)",
    "column": r"(?P<place>.+?): there is no column (?P<detail>.*)",
    "twice": r'(?P<place>.+?): two columns are called "(?P<detail>.*)"',
    "workbook": r"(?P<place>.+?) cannot be read as a workbook: (?P<detail>.*)",
    "protected": r"(?P<place>.+?) is protected by a password",
    "large": r"(?P<place>.+?) (?:is larger than|unpacks to more than) (?P<megabytes>\d+) MB",
    "no_file": r"(?P<place>.+?): no file is called (?P<detail>.*)",
    "stopped": r"stopped before it was read completely",
}
REMEDIES = {
    "check that the server runs and that host and port in url are right": "server",
    "check that it runs and that base_url is right": "address",
    "check user and password in url (and the variable or file the password comes from)": "password",
    "check user and password in the source's settings": "settings",
    "check base_url, and whether the credentials still let in": "let_in",
    "ask for smaller pages, or raise rest.limits.request": "smaller",
    "the next run goes on from here; rest.limits.stream is the bound": "bound",
    "rename one of them where the file comes from": "rename",
    "save it without one": "unprotect",
    "it is damaged: save it again": "save_again",
    "export it again": "export_again",
    "check the key and its rights, and renew it": "key",
    "check the database name (or file path) in url": "database",
    "grant SELECT to the user in url": "rights",
    "correct the table or column there, or the profile to the live schema (doctor shows both)": "schema",
    "it is tried again; a stream that stays slow needs an index on its cursor": "index",
    "it is tried again; check the server's log if it stays": "log",
    "it is tried again; see that system's log if it stays": "system_log",
    "run doctor; if the text above is no help, the source's log is": "doctor",
    "run doctor: it compares the profile with the system": "compare",
    "correct the profile to what the system allows": "allowed",
    "have its certificate renewed, or name its authority's file in ca_bundle": "certificate",
    "it is tried again": "again",
    "it is read again later": "later",
    "it is read again then": "then",
    "the next run resumes": "resumes",
    "check the source and the user's rights; if they are really gone: sync --accept-deletes": "emptied",
    "nothing was deleted; check the source; if they are really gone: sync --accept-deletes": "deletes",
    "agree with sync --accept-schema, or read the change in its profile; what was landed stays": "frozen",
}
_RENAMED = re.compile(r'([^ ;,]+) looks renamed: from = "([^"]*)"')


def told(error: str, lang: str) -> str:
    """What happened, then the system's own words for it. What is not known stays as it is."""
    error = re.sub(_WHERE, "", error)
    for name, pattern in KNOWN.items():
        if found := re.fullmatch(pattern, error, re.S):
            facts = {key: value or "" for key, value in found.groupdict().items()}
            if "stream" in facts:
                facts["stream"] = names.feed(facts["stream"], lang)
            said = facts.pop("detail", "").strip(": ")
            said = _changes(said, lang) if name == "frozen" else said
            what = t(lang, f"cause.{name}", **facts)
            return t(lang, "cause.said", what=what, detail=said) if said else what
    return error


def _changes(said: str, lang: str) -> str:
    """mood added (text), as the word for a frozen stream lists what changed."""

    def word(found: re.Match[str]) -> str:
        key = f"change.{found[1]}"
        return f" {t(lang, key)} (" if has(lang, key) else found[0]

    return re.sub(r" (\w+) \(", word, said)


def remedy(hint: str, lang: str) -> str:
    """The same for what to do about it."""
    if renamed := _RENAMED.findall(hint):
        columns = (t(lang, "remedy.renamed", old=old, new=new) for old, new in renamed)
        return t(lang, "remedy.in_profile", columns="; ".join(columns))
    return t(lang, f"remedy.{REMEDIES[hint]}") if hint in REMEDIES else hint


def line(text: str, lang: str) -> str:
    """Both, from an error's one line."""
    what, dash, hint = text.rpartition(" - ")
    return f"{told(what, lang)} → {remedy(hint, lang)}" if dash else told(text, lang)
