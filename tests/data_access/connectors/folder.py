"""A folder of files, a profile for it, and the connector: what tests of files share."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from data_access.connectors.base import CURSOR_COLUMN
from data_access.connectors.files.connector import FilesConnector
from data_access.connectors.files.spool import PLACE_COLUMN
from data_access.connectors.profile import Profile, with_file_forms

COLUMNS = {"id": "integer", "name": "text", "amount": "decimal(18,2)"}


def profile(table: str = "*.csv", columns: Mapping[str, Any] = COLUMNS, key: str = "id", **form: Any) -> Profile:
    stream = {"table": table, "key": [key], "columns": columns}
    document = {"system": "t", "title": "T", "kind": "files", "file": Path("t.toml"), "files": form}
    return with_file_forms(Profile.model_validate({**document, "stream": {"things": stream}}))


def connect(folder: Path, made: Profile | None = None, **options: Any) -> FilesConnector:
    return FilesConnector(made or profile(), str(folder), sleep=lambda _: None, **options)


def rows(connector: FilesConnector) -> list[dict[str, Any]]:
    """The stream's rows without their places."""
    own = (PLACE_COLUMN, CURSOR_COLUMN)
    found = (row for page in connector.read("things", None, None) for row in page.to_pylist())
    return [{key: value for key, value in row.items() if key not in own} for row in found]


def values(connector: FilesConnector, column: str) -> list[Any]:
    return [row[column] for row in rows(connector)]


def places(connector: FilesConnector) -> list[str]:
    return [row[PLACE_COLUMN] for page in connector.read("things", None, None) for row in page.to_pylist()]
