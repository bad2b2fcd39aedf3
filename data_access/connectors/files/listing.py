"""Which files of a folder a stream is made of, in which order, and what tells one state of them from another."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from data_access.connectors.files.form import FileForm
from data_access.errors import SourceError

_UNFINISHED = (".part", ".tmp", ".partial", ".crdownload", ".filepart", ".lock", ".swp", "~")
_LOCK = ("~$", ".")
_DATE = re.compile(
    r"(?<!\d)((?:19|20)\d\d)[-_.]?(0[1-9]|1[0-2])(?:[-_.]?(0[1-9]|[12]\d|3[01])(?:[T_-]?(\d{4}(?:\d\d)?))?)?(?!\d)"
)

Look = tuple[int, int, int]  # size, mtime and ctime in nanoseconds: what changes with every write


@dataclass(frozen=True)
class File:
    """A file as it was looked at. digest: of its content, "" while unknown; stamp: mtime of that content, in ns."""

    name: str
    size: int
    mtime: int
    ctime: int
    digest: str = ""
    stamp: int = 0

    @property
    def look(self) -> Look:
        return (self.size, self.mtime, self.ctime)

    @property
    def changed_at(self) -> datetime:
        return datetime.fromtimestamp(self.stamp // 1000 / 1e6, UTC)


def matching(folder: Path, pattern: str, form: FileForm) -> list[File]:
    """The stream's files, oldest first: by the dates in their names where all have one, else by mtime. SourceError for
    a folder that cannot be read and a link that leads out of it."""
    try:
        root = folder.resolve(strict=True)
        found = [_file(root, path) for path in sorted(folder.glob(pattern)) if not unfinished(path.name)]
    except OSError as error:
        problem = "is not there" if isinstance(error, FileNotFoundError) else f"cannot be read ({error.strerror})"
        raise SourceError(f"{folder}: {problem}", "check folder in the [[source]] and its permissions") from error
    files = [file for file in found if file is not None]
    dated = all(_DATE.search(file.name) for file in files)
    files.sort(key=lambda file: (date_in(file.name) if dated else "", file.mtime, file.name))
    return files[-1:] if form.latest else files


def unfinished(name: str) -> bool:
    """Whether the name is one that programs give to files they have not finished, or to their locks."""
    return name.startswith(_LOCK) or name.lower().endswith(_UNFINISHED)


def date_in(name: str) -> str:
    """The digits of the last date in a file's name, "" without one."""
    found = list(_DATE.finditer(name))
    return "".join(part or "" for part in found[-1].groups()) if found else ""


def look_again(folder: Path, file: File) -> Look | None:
    """What the file looks like now; None when it is gone."""
    now = _file(folder.resolve(), folder / file.name)
    return now.look if now else None


def _file(root: Path, path: Path) -> File | None:
    """None for what is no file (any more)."""
    try:
        real = path.resolve(strict=True)
        status = real.stat()
    except FileNotFoundError:
        return None
    if not real.is_relative_to(root):
        raise SourceError(f"{path.name}: a link that leads out of the folder", "copy the file into the folder instead")
    if not real.is_file():
        return None
    name = path.relative_to(root) if path.is_relative_to(root) else real.relative_to(root)
    return File(name.as_posix(), status.st_size, status.st_mtime_ns, status.st_ctime_ns, stamp=status.st_mtime_ns)


def with_digest(file: File, digest: str, known: Mapping[str, File]) -> File:
    """The file with its content's digest; content that was there before keeps its stamp."""
    old = known.get(file.name)
    stamp = old.stamp if old is not None and old.digest == digest else file.mtime
    return replace(file, digest=digest, stamp=stamp)


def to_state(files: Sequence[File]) -> str:
    return json.dumps([asdict(file) for file in files], ensure_ascii=False)


def from_state(text: str | None) -> list[File] | None:
    """The files as they were landed last; None before the first time, and for what an older version wrote."""
    if text is None:
        return None
    try:
        return [File(**item) for item in json.loads(text)]
    except (ValueError, TypeError):
        return None
