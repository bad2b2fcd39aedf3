"""Published versions on disk: manifests, the pointer, and whether a file is what its manifest says."""

from __future__ import annotations

import fcntl
import hashlib
import hmac
import json
import logging
import os
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from data_access.errors import WarehouseError

log = logging.getLogger("tandem.warehouse")
_MANIFEST = re.compile(r"^wh-(\d+)\.json$")
SEGMENT = 16 << 20
HASHED_AT_ONCE = 2
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
    """The version number `current` names; None when nothing was published yet. A pointer that holds no number (a torn
    write, a hand) counts as naming the newest version that looks whole; `mend_pointer` writes that down."""
    text = _pointer_text(folder)
    if text is None or text.isdigit():
        return None if text is None else int(text)
    return next((version.number for version in _candidates(folder) if _has_its_size(version)), None)


def is_torn(folder: Path) -> bool:
    """Whether there is a pointer and it holds no version number."""
    text = _pointer_text(folder)
    return text is not None and not text.isdigit()


def mend_pointer(folder: Path) -> int | None:
    """The version number in force; a torn pointer is written again first, to the newest whole version. Where it cannot
    be written that version counts all the same. Not for callers that hold the pointer's lock."""
    if not is_torn(folder):
        return read_pointer(folder)
    try:
        with pointer_lock(folder):
            number = next((version.number for version in _candidates(folder) if not check_file(version)), None)
            if not is_torn(folder):
                return read_pointer(folder)
            if number is None:
                (folder / "current").unlink(missing_ok=True)
            else:
                write_whole(folder / "current", str(number))
        log.warning("the pointer held no version number: it names %s again", number)
    except OSError as error:
        log.error("the pointer holds no version number and cannot be written: %s", error.strerror)
    return read_pointer(folder)


def _pointer_text(folder: Path) -> str | None:
    try:
        return (folder / "current").read_bytes().decode("ascii", "replace").strip()
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise WarehouseError(
            f"{folder / 'current'} cannot be read ({error.strerror})", "check the folder's rights"
        ) from error


def _candidates(folder: Path) -> Iterator[Version]:
    """Versions a torn pointer may have named: what was rolled back to, then the newest first."""
    chosen = held(folder).get("to")
    numbers = version_numbers(folder)
    for number in [*(n for n in numbers if n == chosen), *numbers]:
        with suppress(WarehouseError):
            yield read_version(folder, number)


def _has_its_size(version: Version) -> bool:
    try:
        return bool(version.path.stat().st_size == version.manifest["file"]["bytes"])
    except OSError:
        return False


def held(folder: Path) -> dict[str, Any]:
    """What was rolled back from (`version`, its `content`) and `to`; empty when nothing was."""
    try:
        found = json.loads((folder / "held.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


@contextmanager
def pointer_lock(folder: Path) -> Iterator[None]:
    """Holds `<folder>/pointer.lock` for the moments in which versions are added or pointed at; waits for its turn."""
    folder.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(folder / "pointer.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def write_whole(path: Path, text: str) -> None:
    """Atomically: written beside, flushed, renamed, and the folder flushed."""
    temporary = path.with_name(f"{path.name}.tmp-write")
    with open(temporary, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    os.rename(temporary, path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def read_version(folder: Path, number: int) -> Version:
    """The version's manifest; WarehouseError when it is missing, torn or belongs to another number."""
    path = folder / f"wh-{number}.json"
    try:
        manifest = json.loads(path.read_text(encoding="utf-8"))
        if manifest["version"] != number or not isinstance(manifest["tables"], dict):
            raise ValueError("wrong version or no tables")
        name, segment = manifest["file"]["name"], manifest["file"].get("segment", SEGMENT)
        if not isinstance(segment, int) or segment < 1:
            raise ValueError("no such segments")
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
        found = file_hash(version.path, expected.get("segment"))
    except OSError as error:
        return f"{version.path.name} cannot be read ({error.strerror})"
    same = hmac.compare_digest(found, str(expected["blake2b"]))
    return "" if same else f"{version.path.name} differs from its manifest's hash"


def file_hash(path: Path, segment: int | None = SEGMENT) -> str:
    """BLAKE2b of the digests of segments of so many bytes, which are read side by side; None: of the file itself."""
    if segment is None:
        return _digest(path, 0, None).hex()
    starts = range(0, path.stat().st_size, segment)
    with ThreadPoolExecutor(HASHED_AT_ONCE, thread_name_prefix="hash") as pool:
        digests = pool.map(lambda start: _digest(path, start, segment), starts)
        return hashlib.blake2b(b"".join(digests)).hexdigest()


def _digest(path: Path, start: int, length: int | None) -> bytes:
    """Of `length` bytes from `start`, or to the end."""
    found, left = hashlib.blake2b(), length
    with open(path, "rb", buffering=0) as file:
        file.seek(start)
        while block := file.read(_BLOCK if left is None else min(left, _BLOCK)):
            found.update(block)
            left = None if left is None else left - len(block)
    return found.digest()


def set_aside(version: Version) -> None:
    """Renames a damaged version's files so that nothing opens them again; they stay for inspection."""
    for path in (version.path, version.path.parent / f"wh-{version.number}.json"):
        if path.exists():
            path.rename(path.with_name(path.name + ".damaged"))
