"""Published versions on disk: manifests, the pointer, and whether a file is what its manifest says."""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from data_access.errors import WarehouseError

_MANIFEST = re.compile(r"^wh-(\d+)\.json$")
_BLOCK = 1 << 20


@dataclass(frozen=True)
class Version:
    """One published version: its number, database file and manifest."""

    number: int
    path: Path
    manifest: dict[str, Any]

    def content(self, table: str) -> str:
        """The table's content id; a name the manifest does not know changes with every version."""
        entry = self.manifest["tables"].get(table)
        return str(entry["content"]) if entry else f"v{self.number}"


def read_pointer(folder: Path) -> int | None:
    """The version number `current` names; None when nothing was published yet."""
    try:
        text = (folder / "current").read_text(encoding="utf-8").strip()
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise WarehouseError(
            f"{folder / 'current'} cannot be read ({error.strerror})", "check the folder's rights"
        ) from error
    if not text.isdigit():
        raise WarehouseError(
            f"{folder / 'current'} does not hold a version number", "run `python app.py rollback VERSION`"
        )
    return int(text)


def read_version(folder: Path, number: int) -> Version:
    """The version's manifest; WarehouseError when it is missing, torn or belongs to another number."""
    path = folder / f"wh-{number}.json"
    try:
        manifest = json.loads(path.read_text(encoding="utf-8"))
        if manifest["version"] != number or not isinstance(manifest["tables"], dict):
            raise ValueError("wrong version or no tables")
        name = manifest["file"]["name"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise WarehouseError(
            f"manifest {path.name} is missing or damaged ({error})", "another version serves"
        ) from error
    if Path(name).name != name:
        raise WarehouseError(f"manifest {path.name} names a file elsewhere", "another version serves")
    return Version(number, folder / name, manifest)


def version_numbers(folder: Path) -> list[int]:
    """Numbers with a manifest, newest first."""
    if not folder.is_dir():
        return []
    return sorted((int(m.group(1)) for p in folder.iterdir() if (m := _MANIFEST.match(p.name))), reverse=True)


def check_file(version: Version) -> str:
    """Empty when size and hash are the manifest's, else what is wrong."""
    expected = version.manifest["file"]
    try:
        size = version.path.stat().st_size
        if size != expected["bytes"]:
            return f"{version.path.name} has {size} bytes, its manifest says {expected['bytes']}"
        digest = hashlib.blake2b(digest_size=max(1, min(64, len(expected["blake2b"]) // 2)))
        with open(version.path, "rb") as file:
            while block := file.read(_BLOCK):
                digest.update(block)
    except OSError as error:
        return f"{version.path.name} cannot be read ({error.strerror})"
    same = hmac.compare_digest(digest.hexdigest(), str(expected["blake2b"]))
    return "" if same else f"{version.path.name} differs from its manifest's hash"


def set_aside(version: Version) -> None:
    """Renames a damaged version's files so that nothing opens them again; they stay for inspection."""
    for path in (version.path, version.path.parent / f"wh-{version.number}.json"):
        if path.exists():
            path.rename(path.with_name(path.name + ".damaged"))
