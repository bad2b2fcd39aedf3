"""Time passes in a demo company: some rows a tick, whole days when it was left alone."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from data_access.demo.zone import ZONE
from data_access.errors import ConfigError, SourceError
from data_access.secrets import redact

if TYPE_CHECKING:
    import numpy as np

    from data_access.config import Config
    from data_access.demo.book import Book
    from data_access.demo.tick_crm import CrmReport, Won

DAYS_A_TICK = 7
Late = list[tuple[str, int, int]]  # order number, customer, days
WORKDAY_STARTS, WORKDAY_HOURS = 8.5, 10.0


@dataclass(frozen=True)
class TickReport:
    """Rows written, and how many missed days are still to be lived through (the next tick goes on with them)."""

    rows: int
    orders: int
    days: int
    days_left: int


def tick(
    directory_or_config: Path | Config, *, rng: np.random.Generator | None = None, now: datetime | None = None
) -> TickReport:
    """Lets time pass up to `now` (default: the real one). Fast; each database is written in short transactions."""
    import numpy
    from sqlalchemy.exc import SQLAlchemyError

    erp_url, crm_url, folder = _places(directory_or_config)
    moment = (now or datetime.now(UTC)).astimezone(UTC)
    generator = rng if rng is not None else numpy.random.default_rng()
    truth = json.loads((folder / "truth.json").read_text(encoding="utf-8"))
    total = TickReport(0, 0, 0, 0)
    try:
        while True:
            step = _step(erp_url, crm_url, truth, generator, moment)
            total = TickReport(
                total.rows + step.rows, total.orders + step.orders, total.days + step.days, step.days_left
            )
            if step.days == 0 or total.days == DAYS_A_TICK:
                return total
    except SQLAlchemyError as error:
        what = redact(str(getattr(error, "orig", None) or error).split("\n")[0])
        hint = "check the demo's databases, or make it again: python app.py demo DIR"
        raise SourceError(f"the demo's databases cannot be written: {what}", hint, transient=True) from error
    finally:
        if truth.pop("changed", False):
            _save_truth(folder, truth)


def _step(erp_url: str, crm_url: str, truth: dict[str, Any], rng: np.random.Generator, moment: datetime) -> TickReport:
    """One missed day, or when none is missing a little of today."""
    from data_access.demo.book import Book, opened

    today = moment.astimezone(ZoneInfo(ZONE)).date()
    with opened(erp_url) as connection:
        last = date.fromisoformat(_parameter(connection, "last_day"))
        missed = max(0, (today - last).days - 1)
        day = last + timedelta(days=1) if missed else today
        book = Book(connection, rng, moment, day, live=not missed)
        orders, late, pace = _live_day(book) if missed else _live_moment(book, moment)
        rows = book.changed
        if missed:
            _set_parameter(connection, "last_day", day.isoformat())
    with opened(crm_url) as connection:
        book = Book(connection, rng, moment, day, live=not missed)
        won = _live_crm(book, truth, late, pace).won
        rows += book.changed
        if won:  # the order first: a won deal without its order would never get one
            with opened(erp_url) as erp:
                book = Book(erp, rng, moment, day, live=not missed)
                for deal in won:
                    _become_order(book, deal, truth)
                rows += book.changed
    return TickReport(rows, orders + len(won), 1 if missed else 0, max(0, missed - 1))


def _places(given: Path | Config) -> tuple[str, str, Path]:
    from data_access.config import Config, load_config

    config = given if isinstance(given, Config) else load_config(given / "tandem.toml" if given.is_dir() else given)
    urls = {source.system: source.url for source in config.sources}
    erp, crm = urls.get("demo_erp"), urls.get("demo_crm")
    if erp is None or crm is None or not config.is_demo:
        raise ConfigError(f"{config.path.name}: not a demo company", "make one: python app.py demo DIR")
    return erp.reveal(), crm.reveal(), config.folder


def _parameter(connection: Any, name: str) -> str:
    from sqlalchemy import select

    from data_access.demo.erp_schema import PAR

    return str(connection.execute(select(PAR.c.v).where(PAR.c.k == name)).scalar_one())


def _set_parameter(connection: Any, name: str, value: str) -> None:
    from sqlalchemy import update

    from data_access.demo.erp_schema import PAR

    connection.execute(update(PAR).where(PAR.c.k == name).values(v=value))


def _live_day(book: Book) -> tuple[int, Late, float]:
    """A whole missed day: orders, receipts, production, shipments, payments and the evening's reordering."""
    from data_access.demo import tick_sales, tick_stock
    from data_access.demo.demand import WEEKDAY

    wanted = int(_parameter(book.connection, "orders_a_day"))
    already = _day_orders(book)
    count = max(0, int(book.rng.poisson(wanted * WEEKDAY[book.day.weekday()])) - already)
    tick_stock.new_rates(book)
    tick_stock.receive(book, 400)
    tick_stock.produce(book, 60)
    for _ in range(count):
        tick_sales.new_order(book, book.work_time())
    late = tick_sales.ship_due(book, 25 * wanted) if book.day.weekday() < 5 else []
    tick_sales.collect(book, 2 * wanted)
    tick_stock.reorder(book)
    for _ in range(3):
        tick_sales.move_promise(book)
        tick_stock.delay_receipt(book)
    return count, late, 1.0


def _live_moment(book: Book, moment: datetime) -> tuple[int, Late, float]:
    """One tick of today: orders at the pace of the day, and a few steps of everything else.

    The third value is that pace: a demo left running for a day must not sell many days' goods, so it calms down.
    """
    from data_access.demo import tick_sales, tick_stock

    tick_stock.new_rates(book)
    usual = int(_parameter(book.connection, "orders_a_day"))
    local = moment.astimezone(ZoneInfo(ZONE))
    passed = (local.hour + local.minute / 60 - WORKDAY_STARTS) / WORKDAY_HOURS
    already = _day_orders(book)
    behind = min(max(passed, 0.0), 1.0) * usual - already
    pace = 1.0 if already < 2 * usual else 0.1 if 0 < passed < 1 else 0.02
    orders = 0
    for _ in range(3 if behind > 3 else 0):
        orders += tick_sales.new_order(book, book.work_time()) is not None
    if pace == 1.0:
        orders += tick_sales.new_order(book, book.now, size=1.0 if behind > 0 else 0.35) is not None
    elif book.chance(0.3 if pace == 0.1 else 0.08):
        orders += tick_sales.spare_order(book) is not None
    tick_stock.receive(book, 1, 0.001)
    tick_stock.produce(book, 1)
    late = tick_sales.ship_due(book, 2)
    if book.chance(0.4 * pace):
        tick_sales.collect(book, 1)
    if book.chance(0.25 * pace):
        tick_sales.move_promise(book)
    if book.chance(0.1 * pace):
        tick_stock.delay_receipt(book)
    if book.chance(0.06 * pace):
        tick_sales.drop_order(book, hard=book.chance(0.5))
    return orders, late, pace


def _day_orders(book: Book) -> int:
    from sqlalchemy import func, select

    from data_access.demo.erp_schema import SO_H

    newest = int(book.one(select(func.max(SO_H.c.sno)))[0])
    counted = select(func.count()).select_from(SO_H).where(SO_H.c.sno > newest - 20_000, SO_H.c.odat == book.day)
    return int(book.one(counted)[0])


def _live_crm(book: Book, truth: dict[str, Any], late: Late, pace: float) -> CrmReport:
    """`late` deliveries raise tickets; deals, tickets and calls go on, one step or those of a whole day."""
    from data_access.demo import tick_campaigns, tick_crm

    report = tick_crm.CrmReport()
    tick_campaigns.turn_campaigns(book)
    for number, customer, days in late:
        account = truth["customer_account"].get(str(customer))
        if account and (days >= 5 or (days >= 2 and book.chance(0.4))):
            tick_crm.new_ticket(book, account, number)
    a_day = max(1, round(truth["lines"] / 20_000))  # deals begun
    steps: tuple[tuple[int, float, Callable[[], None]], ...] = (
        (a_day, 0.06, lambda: tick_crm.new_deal(book)),
        (3 * a_day, 0.2, lambda: tick_crm.advance_deal(book, report)),
        (4 * a_day, 0.5, lambda: tick_crm.new_activity(book)),
        (5 * a_day, 0.25, lambda: tick_crm.new_ticket(book)),
        (5 * a_day, 0.3, lambda: tick_crm.close_ticket(book)),
        (a_day, 0.1, lambda: tick_crm.move_close(book)),
        (1, 0.05, lambda: tick_crm.delete_something(book)),
    )
    for number_a_day, probability, step in steps:
        for _ in range(1 if book.live else number_a_day):
            if not book.live or book.chance(probability * pace):
                step()
    return report


def _become_order(book: Book, won: Won, truth: dict[str, Any]) -> None:
    """A won deal becomes an order (a prospect first becomes a customer); codes no item has are left out."""
    from data_access.demo import tick_order

    number = tick_order.order_of(book, won, truth)
    if number is not None:
        truth["opportunity_order"][won.deal] = number
        truth["changed"] = True


def _save_truth(folder: Path, truth: dict[str, Any]) -> None:
    from data_access.demo.truth import write_truth

    beside = folder / "truth.json.new"
    write_truth(beside, truth)
    os.replace(beside, folder / "truth.json")
