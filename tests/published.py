"""A tiny published warehouse made by hand: the reader's side of the contract without the sync engine."""

import hashlib
import json
from datetime import UTC, datetime
from pathlib import Path

import duckdb

CHECKED = "2026-01-31T08:00:00.000Z"


def publish(folder: Path, number: int, statements: list[str], sources: dict[str, list[str]] | None = None) -> Path:
    """Writes wh-<number>.duckdb with its manifest and moves the pointer; content ids are hashes of the rows."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"wh-{number}.duckdb"
    tables = {}
    with duckdb.connect(str(path)) as db:
        for statement in statements:
            db.execute(statement)
        names = db.execute("SELECT schema_name || '.' || table_name FROM duckdb_tables()").fetchall()
        for (name,) in names:
            rows, *told = db.execute(f"SELECT count(*), bit_xor(hash(t)), sum(hash(t)) FROM {name} t").fetchall()[0]
            content = hashlib.blake2b(repr((rows, told)).encode(), digest_size=8).hexdigest()
            origin = (sources or {}).get(name, ["erp"])
            tables[name] = {"rows": rows, "content": content, "sums": {}, "sources": origin}
        db.execute("CHECKPOINT")
    data = path.read_bytes()
    manifest = {
        "version": number,
        "published_at": f"2026-01-31T08:{number % 60:02}:00.000Z",
        "as_of": "2026-01-31",
        "timezone": "Asia/Shanghai",
        "currency": "CNY",
        "tables": tables,
        "sources": {
            "erp": {"role": "erp", "system": "tryton", "checked_at": CHECKED, "newest_change_at": CHECKED},
            "crm": {"role": "crm", "system": "twenty", "checked_at": "2026-01-31T07:00:00Z", "newest_change_at": None},
        },
        "file": {"name": path.name, "bytes": len(data), "blake2b": hashlib.blake2b(data).hexdigest()},
        "app_version": "0",
        "schema_version": 1,
    }
    (folder / f"wh-{number}.json").write_text(json.dumps(manifest))
    point(folder, number)
    return path


def point(folder: Path, number: int) -> None:
    new = folder / "current.new"
    new.write_text(f"{number}\n")
    new.rename(folder / "current")


def checked_at() -> datetime:
    return datetime(2026, 1, 31, 8, tzinfo=UTC)
