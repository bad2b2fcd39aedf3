"""CSV files that a company keeps beside its configuration."""

from __future__ import annotations

from pathlib import Path

from data_access.errors import ConfigError


def text_of(path: Path, what: str, key: str) -> str:
    """The whole file; ConfigError where it cannot be read. what: how people call it; key: of tandem.toml."""
    try:
        return path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(
            f"{path.name}: the {what} file cannot be read", f"correct {key}, or save it as UTF-8"
        ) from error
