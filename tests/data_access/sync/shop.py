"""A shop of products, sales and their lines in any SQL database, through the real engine; what is true is asked of the
database itself."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb

from data_access.clock import utc_now
from data_access.config import Config, load_config
from data_access.sync.engine import Engine
from data_access.sync.extract import Options, Retry, StreamReport
from data_access.sync.lock import one_writer
from data_access.sync.replay import compare_now, pull_found, replay
from data_access.sync.run import run_sync
from data_access.sync.runs import Ledger, RunReport
from data_access.sync.sources import OpenSource
from data_access.versions import read_pointer

PROFILE = """
system = "shop"
title = "Shop"
role = "erp"
kind = "sql"
[stream.product]
table = "product"
key = ["id"]
cursor = "changed"
columns = { id = "text", sku = "text", name = "text", note = "text", changed = "timestamp" }
[stream.sale]
table = "sale"
key = ["id"]
cursor = "changed"
reconcile = { day = "day" }
columns = { id = "text", day = "date", cur = "text", changed = "timestamp" }
[stream.line]
table = "sale_line"
key = ["sale", "pos"]
cursor = "changed"
reconcile = { day = "due", sum = "amount" }
columns = { sale = "text", pos = "integer", product = "text", amount = "decimal(18,2)", due = "date", state = "text" }
[entity.product]
from = "product"
[entity.product.fields]
product_id = "id"
sku = "sku"
name = "name"
[entity.sales_order_line]
from = "line l JOIN sale s ON s.id = l.sale"
[entity.sales_order_line.fields]
order_id = "l.sale"
line_id = "l.sale || '/' || l.pos"
order_date = "s.day"
product_id = "l.product"
currency = "s.cur"
amount = "l.amount"
status = { from = "l.state", map = "state" }
[map.state]
o = "open"
d = "done"
"""
TABLES = (
    "CREATE TABLE product (id VARCHAR(20) PRIMARY KEY, sku VARCHAR(20), name VARCHAR(50), note VARCHAR(100),"
    " size INTEGER, changed TIMESTAMP)",
    "CREATE TABLE sale (id VARCHAR(20) PRIMARY KEY, day DATE, cur VARCHAR(3), changed TIMESTAMP)",
    "CREATE TABLE sale_line (sale VARCHAR(20), pos INTEGER, product VARCHAR(20), amount NUMERIC(18,2), due DATE,"
    " state VARCHAR(1), changed TIMESTAMP)",
)
MODEL = "SELECT source, line_id, order_id, product_id, amount, status FROM staging.sales_order_line"
OLD, NEW = "2026-01-01 00:00:00", "2026-02-01 00:00:00"


@dataclass
class Shop:
    """`sql` runs statements in the source, together, and answers the rows of the last; `ahead` is how far the clock of
    a sync is put on."""

    folder: Path
    sql: Callable[..., list[tuple[Any, ...]]]
    config: Config
    ahead: timedelta = field(default_factory=timedelta)

    @property
    def models(self) -> Path:
        return self.folder / "models"

    def options(self, **more: Any) -> Options:
        def clock() -> datetime:
            return utc_now() + self.ahead

        return Options(retry=Retry(sleep=lambda seconds: None), clock=clock, **more)

    def sync(self, **more: Any) -> RunReport:
        return run_sync(self.config, options=self.options(**more), models=self.models, steps=())

    def engine(self) -> Engine:
        return Engine(self.config, options=self.options(), models=self.models, steps=())

    def with_engine(self, work: Callable[[Engine], Any]) -> Any:
        with one_writer(self.config.warehouse.path):
            engine = self.engine()
            try:
                return work(engine)
            finally:
                engine.close()

    def again(self, work: Callable[[Engine, OpenSource, Ledger], list[StreamReport]]) -> list[StreamReport]:
        """What is done outside the schedule, in a run of its own; the reports of its streams."""
        return self.with_engine(lambda engine: work(engine, engine.sources[0], Ledger(engine.state)))

    def pull(self, *keys: str, stream: str = "line") -> StreamReport:
        """These rows, or all that a comparison finds."""
        (report,) = self.again(lambda engine, erp, ledger: pull_found(engine, erp, [stream], keys or None, ledger))
        return report

    def compare(self, stream: str = "line") -> StreamReport:
        (report,) = self.again(lambda engine, erp, ledger: compare_now(engine, erp, [stream], ledger))
        return report

    def replay(self, *streams: str) -> list[StreamReport]:
        return self.again(lambda engine, erp, ledger: replay(engine, erp, streams or erp.streams(None), ledger))

    def read(self, sql: str) -> list[tuple[Any, ...]]:
        """Rows of the version in force."""
        version = read_pointer(self.config.warehouse.path)
        return _rows(self.config.warehouse.path / f"wh-{version}.duckdb", sql)

    def landed(self, sql: str) -> list[tuple[Any, ...]]:
        return _rows(self.config.warehouse.path / "landing.duckdb", sql)

    def product(self, number: int, changed: str = OLD) -> None:
        self.sql(product(number, changed))

    def sale(self, number: int, day: str, *lines: tuple[str, str], changed: str = OLD) -> None:
        """A sale of a day, and its (product, amount) lines."""
        self.sql(*sale(number, day, *lines, changed=changed))

    def line(self, sale: int, place: int, product: str, amount: str, due: str, changed: str = OLD) -> None:
        self.sql(line(sale, place, product, amount, due, changed))

    def change_profile(self, *pairs: tuple[str, str]) -> None:
        path = self.folder / "shop.toml"
        text = path.read_text(encoding="utf-8")
        for old, new in pairs:
            assert old in text, old
            text = text.replace(old, new)
        path.write_text(text, encoding="utf-8")

    def change_config(self, text: str) -> None:
        path = self.folder / "tandem.toml"
        path.write_text(path.read_text(encoding="utf-8") + text, encoding="utf-8")
        self.config = load_config(path)


def product(number: int, changed: str = OLD) -> str:
    values = f"('{number}', 'S{number}', 'Product {number}', 'note {number}', {number}, '{changed}')"
    return f"INSERT INTO product (id, sku, name, note, size, changed) VALUES {values}"


def line(sale: int, place: int, product: str, amount: str, due: str, changed: str = OLD) -> str:
    return f"INSERT INTO sale_line VALUES ('{sale}', {place}, '{product}', {amount}, '{due}', 'o', '{changed}')"


def sale(number: int, day: str, *lines: tuple[str, str], changed: str = OLD) -> list[str]:
    head = f"INSERT INTO sale VALUES ('{number}', '{day}', 'EUR', '{changed}')"
    return [head, *(line(number, place, *found, day, changed) for place, found in enumerate(lines, 1))]


def _rows(path: Path, sql: str) -> list[tuple[Any, ...]]:
    with duckdb.connect(str(path), read_only=True) as con:
        return con.execute(sql).fetchall()


def open_shop(folder: Path, url: str, sql: Callable[..., list[tuple[Any, ...]]]) -> Shop:
    """Eight products and twelve sales of two lines each, on six days."""
    (folder / "shop.toml").write_text(PROFILE, encoding="utf-8")
    (folder / "models" / "core").mkdir(parents=True)
    (folder / "models" / "core" / "line.sql").write_text(MODEL, encoding="utf-8")
    (folder / "tandem.toml").write_text(
        '[company]\nname = "Shop"\ncurrency = "EUR"\ntimezone = "Europe/Berlin"\n[warehouse]\npath = "warehouse"\n'
        f'[[source]]\nname = "erp"\nrole = "erp"\nprofile = "shop.toml"\nurl = "{url}"\n',
        encoding="utf-8",
    )
    shop = Shop(folder, sql, load_config(folder / "tandem.toml"))
    statements = [*TABLES, *map(product, range(1, 9))]
    for number in range(12):
        lines = [(str(number % 8 + 1), "10.10"), (str((number + 3) % 8 + 1), "20.25")]
        statements += sale(number, f"2026-01-{number % 6 + 1:02d}", *lines)
    sql(*statements)
    return shop


def sqlite_shop(folder: Path) -> tuple[Shop, sqlite3.Connection]:
    db = sqlite3.connect(folder / "shop.db", isolation_level=None)
    db.execute("PRAGMA journal_mode = WAL")

    def sql(*statements: str) -> list[tuple[Any, ...]]:
        db.execute("BEGIN")
        rows = [db.execute(statement).fetchall() for statement in statements]
        db.execute("COMMIT")
        return rows[-1]

    return open_shop(folder, "sqlite:///shop.db", sql), db
