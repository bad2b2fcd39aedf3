"""What a driver's errors mean to people: what happened, what to do, and whether trying again can help."""

from __future__ import annotations

import re
import sqlite3
from dataclasses import dataclass


def driver_errors() -> tuple[type[BaseException], ...]:
    """What the raw drivers raise outside SQLAlchemy's own calls (rows fetched from a streaming cursor)."""
    import psycopg
    import pymysql

    return (sqlite3.Error, psycopg.Error, pymysql.Error, OSError)


@dataclass(frozen=True)
class Meaning:
    """What a driver's error means to people."""

    what: str
    hint: str
    transient: bool
    credentials: bool = False


_REACH = Meaning("cannot be reached", "check that the server runs and that host and port in url are right", True)
_LOGIN = Meaning(
    "refused the login",
    "check user and password in url (and the variable or file the password comes from)",
    False,
    True,
)
_NO_DATABASE = Meaning("has no such database", "check the database name (or file path) in url", False)
_RIGHTS = Meaning("denies reading", "grant SELECT to the user in url", False)
_SCHEMA = Meaning(
    "does not match the profile",
    "correct the table or column there, or the profile to the live schema (doctor shows both)",
    False,
)
_BUSY = Meaning(
    "is busy or the read was cancelled",
    "it is tried again; a stream that stays slow needs an index on its cursor",
    True,
)
_LOST = Meaning("closed the connection", "it is tried again; check the server's log if it stays", True)
_OTHER = Meaning("could not be read", "run doctor; if the text above is no help, the source's log is", False)

_CODES: tuple[tuple[Meaning, str], ...] = (  # SQLSTATE of PostgreSQL, numbers of MySQL and MariaDB
    (_LOGIN, "28P01 28000 1045 1698"),
    (_RIGHTS, "42501 1044 1142 1143"),
    (_NO_DATABASE, "3D000 1049"),
    (_SCHEMA, "42P01 42703 42883 42601 42804 1146 1054 1064 1305"),
    (_BUSY, "57014 55P03 40001 40P01 53300 1205 1213 1040 3024 1969"),
    (_LOST, "57P01 57P02 25P03 2006 2013 1053"),
    (_REACH, "57P03 2002 2003 2005"),
)
_BY_CODE = {code: meaning for meaning, codes in _CODES for code in codes.split()}
_BY_TEXT = (
    (_LOGIN, r"password authentication failed|no password supplied|access denied|role .* does not exist"),
    (_SCHEMA, r"no such (table|column|function)|syntax error|undefined (table|column)"),
    (_NO_DATABASE, r'database "[^"]*" does not exist|unknown database|unable to open|file is not a database'),
    (_RIGHTS, r"permission denied"),
    (_BUSY, r"database is locked|timed? ?out.*statement|canceling statement|deadlock"),
    (_LOST, r"server closed|lost connection|connection (reset|is closed|is lost)|terminating|broken pipe|gone away"),
    (_REACH, r"translate host|resolve|name or service|refused|time(d )? ?out|unreachable|can't connect|starting up"),
    (_REACH, r"no route|connection failed"),
)


def meaning_of(error: BaseException) -> Meaning:
    """By the driver's code where it has one, else by its words."""
    code = getattr(error, "sqlstate", None) or (error.args[0] if error.args else None)
    if str(code) in _BY_CODE:
        return _BY_CODE[str(code)]
    text = str(error)
    for meaning, pattern in _BY_TEXT:
        if re.search(pattern, text, re.IGNORECASE):
            return meaning
    return _OTHER
