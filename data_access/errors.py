"""The one exception family: every error carries what happened, where, and what to do about it."""

from __future__ import annotations


class TandemError(Exception):
    """A problem told to people in one line: `message`, then a `hint` that names the remedy."""

    exit_code = 1

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def line(self) -> str:
        return f"{self.message} - {self.hint}" if self.hint else self.message


class ConfigError(TandemError):
    """A configuration, profile or secret is wrong; nothing was started."""

    exit_code = 2


class SourceError(TandemError):
    """A source could not be read. `transient` tells whether trying again later can help, `credentials` whether it
    refused the login."""

    def __init__(self, message: str, hint: str = "", *, transient: bool = False, credentials: bool = False) -> None:
        super().__init__(message, hint)
        self.transient = transient
        self.credentials = credentials

    @property
    def cause(self) -> str:
        """In one word, for whoever must act: credentials, unreachable or other."""
        return "credentials" if self.credentials else "unreachable" if self.transient else "other"


class UnfinishedError(SourceError):
    """What is to be read is still being written: it stays as it was read last, and counts as not looked at."""


class GuardError(SourceError):
    """A read succeeded but its result is too strange to believe (mass delete, empty answer)."""

    @property
    def cause(self) -> str:
        return "guard"


class GateError(TandemError):
    """A gate check failed: nothing is published."""


class LockedError(TandemError):
    """Another sync holds the one-writer lock."""

    exit_code = 3


class WarehouseError(TandemError):
    """A published version is missing or damaged."""


class Forbidden(TandemError):
    """The caller has no right to what was asked for."""


class QueryError(TandemError):
    """A read was asked for with wrong parameters."""


class NotFound(QueryError):
    """What was asked for does not exist; `near` are the names that come nearest."""

    def __init__(self, message: str, hint: str = "", near: tuple[str, ...] = ()) -> None:
        super().__init__(message, hint)
        self.near = near


class BusyError(TandemError):
    """Too much is asked for at the same time; later it will do."""


class UnavailableError(TandemError):
    """This machine lacks what is needed for it; the hint says what."""
