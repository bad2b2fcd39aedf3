"""Numbered, immutable versions and the pointer to the one that counts.

A version is a copy of work.duckdb made by a child process (touching a live database file from its own process would
drop DuckDB's lock), flushed, hashed and renamed; then its manifest; then the pointer. A crash between any two of these
leaves the old version in force and at most a file nobody points at, which a later publish removes.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import duckdb

from data_access.errors import WarehouseError
from data_access.sync.db import SCHEMA_VERSION
from data_access.versions import (
    SEGMENT,
    check_file,
    file_hash,
    held,
    mend_pointer,
    pointer_lock,
    read_pointer,
    read_version,
    version_numbers,
    write_whole,
)

KEPT_VERSIONS = 5
Manifest = dict[str, Any]


def manifest(folder: Path, version: int) -> Manifest | None:
    """The manifest of a version whose file is there, else None."""
    try:
        found = read_version(folder, version)
    except WarehouseError:
        return None
    return found.manifest if found.path.exists() else None


def versions(folder: Path) -> list[Manifest]:
    """The manifests of all whole versions, oldest first."""
    found = (manifest(folder, number) for number in sorted(version_numbers(folder)))
    return [each for each in found if each is not None]


def is_news(folder: Path, content: str) -> bool:
    """Whether tables with this content differ from the version in force (and from the one rolled back from)."""
    version = mend_pointer(folder)
    in_force = manifest(folder, version) if version is not None else None
    return in_force is None or content not in (in_force.get("content"), held(folder).get("content"))


def next_version(folder: Path) -> int:
    """One more than any number ever given that left a trace."""
    files = (path.name.removeprefix("wh-").partition(".")[0] for path in folder.glob("wh-*"))
    return max([0, read_pointer(folder) or 0, *(int(number) for number in files if number.isdigit())]) + 1


def publish(con: duckdb.DuckDBPyConnection, folder: Path, facts: Mapping[str, Any]) -> int:
    """Copies work.duckdb to a new version and points at it. `facts`: the manifest but version, file, schema_version."""
    con.execute("CHECKPOINT work")
    with pointer_lock(folder):
        return _publish(folder, facts)


def _publish(folder: Path, facts: Mapping[str, Any]) -> int:
    version = next_version(folder)
    name, part = f"wh-{version}.duckdb", folder / f"wh-{version}.duckdb.part"
    _copy(folder / "work.duckdb", part)
    found = _flush_and_hash(part)
    os.rename(part, folder / name)
    file = {"name": name, "bytes": (folder / name).stat().st_size, "blake2b": found, "segment": SEGMENT}
    text = json.dumps(
        {"version": version, **facts, "file": file, "schema_version": SCHEMA_VERSION}, ensure_ascii=False, indent=1
    )
    write_whole(folder / f"wh-{version}.json", text)
    write_whole(folder / "current", str(version))
    (folder / "held.json").unlink(missing_ok=True)
    _retain(folder)
    return version


def rollback(folder: Path, version: int) -> Manifest:
    """Points at an older version; WarehouseError when it is unknown or damaged.

    What was rolled back from is remembered by its content: syncs go on, but as long as they would publish that same
    content nothing is published. The first change in any source (or a new business day) publishes again, under a new
    number.
    """
    with pointer_lock(folder):
        return _rollback(folder, version)


def _rollback(folder: Path, version: int) -> Manifest:
    chosen = manifest(folder, version)
    if chosen is None:
        known = ", ".join(str(each["version"]) for each in versions(folder)) or "none"
        raise WarehouseError(f"there is no version {version}", f"versions: {known}")
    problem = check_file(read_version(folder, version))
    if problem:
        raise WarehouseError(f"version {version} is damaged: {problem}", "choose another one")
    newest = versions(folder)[-1]
    if newest["version"] != version:
        facts = {"content": newest.get("content"), "version": newest["version"], "to": version}
        write_whole(folder / "held.json", json.dumps(facts))
    else:
        (folder / "held.json").unlink(missing_ok=True)
    write_whole(folder / "current", str(version))
    return chosen


def clean(folder: Path) -> None:
    """Removes what an interrupted publish left behind."""
    for part in [*folder.glob("wh-*.part"), *folder.glob("*.tmp-write")]:
        part.unlink(missing_ok=True)


def _copy(source: Path, target: Path) -> None:
    command = ["cp", "-c"] if sys.platform == "darwin" else ["cp", "--reflink=auto"]
    if Path(f"{source}.wal").exists() and Path(f"{source}.wal").stat().st_size:
        raise WarehouseError(
            "work.duckdb could not be checkpointed", "another reader is open in this process; sync again"
        )
    english = {**os.environ, "LC_ALL": "C"}
    done = subprocess.run(
        [*command, str(source), str(target)], capture_output=True, text=True, check=False, env=english
    )
    if done.returncode != 0:
        target.unlink(missing_ok=True)
        if "No space left" in done.stderr:
            raise WarehouseError("no space left for a new version", "free disk space; the next run resumes")
        why = done.stderr.strip().rpartition("\n")[2]
        raise WarehouseError(f"the version could not be copied: {why}", "check the rights of the warehouse's folder")


def _flush_and_hash(path: Path) -> str:
    with open(path, "rb") as file, ThreadPoolExecutor(1) as beside:
        flushed = beside.submit(os.fsync, file.fileno())
        found = file_hash(path)
        flushed.result()
    return found


def _retain(folder: Path) -> None:
    """Keeps the newest versions and the one pointed at."""
    pointed = read_pointer(folder)
    for number in version_numbers(folder)[KEPT_VERSIONS:]:
        if number != pointed:
            for name in (f"wh-{number}.duckdb", f"wh-{number}.json"):
                (folder / name).unlink(missing_ok=True)
