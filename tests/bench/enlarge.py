"""Many items: clones of each product of a made demo company, what happened spread over them by key, always alike."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

SQL = tuple(Path(__file__).with_name(f"enlarge_{part}.sql") for part in ("items", "stock"))


def enlarge(folder: Path, items: int) -> None:
    """The demo's two SQLite databases in `folder`, before their first sync, with `items` items."""
    with closing(sqlite3.connect(folder / "erp.db", isolation_level=None)) as con:
        (known,) = con.execute("SELECT count(*) FROM item").fetchone()
        if items < known:
            raise SystemExit(f"the demo company has {known} items already")
        con.create_function("spread", 2, spread, deterministic=True)
        con.execute("ATTACH ? AS crm", (str(folder / "crm.db"),))
        con.execute("PRAGMA cache_size = -500000")
        con.execute("CREATE TEMP TABLE wanted AS SELECT ? AS items", (items,))
        for file in SQL:
            con.executescript(f"BEGIN; {file.read_text(encoding='utf-8')} COMMIT;")
        con.execute("ANALYZE")


def spread(key: int, places: int) -> int:
    """A place 0..places-1 for a key: as good as random, the first places far more often than the last."""
    part = (key * 2654435761 % 2**32) / 2**32
    return int(part * part * places)
