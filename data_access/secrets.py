"""Values of tandem.toml that may hold a secret: kept as written, resolved late, never printed."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import quote

from data_access.errors import ConfigError

_VARIABLE = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")
_SECRET_NAME = re.compile(r"(^|_)(key|token|secret|password|passwd|pwd)$")
_URL_PASSWORD = re.compile(r"^[a-z0-9+.\-]+://[^/@:\s]*:(?P<password>[^@\s]+)@", re.IGNORECASE)


class Secret:
    """A configured text that may contain `${ENV}` or be `file:/path`; only `reveal()` shows it."""

    __slots__ = ("_raw", "folder", "where")

    def __init__(self, raw: str, folder: Path, where: str) -> None:
        self._raw = raw
        self.folder = folder
        self.where = where

    def __repr__(self) -> str:
        return "Secret(***)"

    __str__ = __repr__

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and (self._raw, self.folder) == (other._raw, other.folder)

    def __hash__(self) -> int:
        return hash((self._raw, self.folder))

    def reveal(self, environment: Mapping[str, str] | None = None) -> str:
        """The resolved text; ConfigError names the missing variable or file."""
        env = os.environ if environment is None else environment
        if self._raw.startswith("file:"):
            return self._from_file(Path(self._raw[5:]))
        whole = _VARIABLE.fullmatch(self._raw)
        is_url = "://" in self._raw

        def value(match: re.Match[str]) -> str:
            found = env.get(match.group(1))
            if not found:
                raise ConfigError(
                    f"{self.where}: environment variable {match.group(1)} is not set",
                    f"export {match.group(1)}=... before starting, or use file:/path/of/the/secret",
                )
            return quote(found, safe="") if is_url else found

        text = _VARIABLE.sub(value, self._raw)
        return self.at_folder(text) if is_url or whole else text

    def at_folder(self, url: str) -> str:
        """The URL with a relative SQLite path made absolute against the configuration's folder."""
        match = re.match(r"^(sqlite(?:\+\w+)?:///)(?!/)(?!:memory:)(?!file:)([^?]+)(\?.*)?$", url)
        if match is None:
            return url
        return f"{match.group(1)}{(self.folder / match.group(2)).resolve()}{match.group(3) or ''}"

    def _from_file(self, path: Path) -> str:
        full = path if path.is_absolute() else self.folder / path
        try:
            text = full.read_text(encoding="utf-8").strip()
        except OSError as error:
            raise ConfigError(
                f"{self.where}: secret file {full} cannot be read ({error.strerror})", "create it or correct the path"
            ) from error
        if not text:
            raise ConfigError(f"{self.where}: secret file {full} is empty", "put the secret on its first line")
        return text


def may_hold_secret(key: str) -> bool:
    """Whether a setting of this name carries a secret (api_key, token, password, ...)."""
    return _SECRET_NAME.search(key) is not None


def literal_secret(key: str, value: str) -> bool:
    """Whether a secret stands in the file itself instead of `${ENV}` or `file:/path`."""
    if value.startswith("file:") or _VARIABLE.fullmatch(value):
        return False
    if may_hold_secret(key):
        return True
    match = _URL_PASSWORD.match(value)
    return match is not None and _VARIABLE.fullmatch(match.group("password")) is None


_REDACT = (
    (re.compile(r"(?i)\b([a-z][a-z0-9+.\-]*://[^/@:\s]*):[^@/\s]+@"), r"\1:***@"),
    (
        re.compile(r"(?i)\b((?:api[_-]?key|token|secret|password|passwd|pwd)[\"']?\s*[=:]\s*[\"']?)[^\s\"',;&}]+"),
        r"\1***",
    ),
    (re.compile(r"(?i)\b(bearer|basic)\s+[a-z0-9._~+/=\-]{8,}"), r"\1 ***"),
)


def redact(text: str) -> str:
    """`text` without passwords in URLs, `key=value` secrets and authorization headers."""
    for pattern, replacement in _REDACT:
        text = pattern.sub(replacement, text)
    return text
