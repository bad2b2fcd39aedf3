"""Changes of the source's columns, and what each policy makes of them; the database is given from outside."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from tests.data_access.sync.shop import Shop

OTHERS = "id, sku, name"
EVENTS = (
    'SELECT "column", change, policy, outcome FROM schema_change WHERE entity = \'product\' ORDER BY seen_at, "column"'
)


def products(shop: Shop) -> list[tuple[Any, ...]]:
    """The columns that nobody changes, as the source has them."""
    return shop.sql(f"SELECT {OTHERS} FROM product ORDER BY id")


def landed(shop: Shop) -> list[tuple[Any, ...]]:
    return shop.landed(f"SELECT {OTHERS} FROM erp__product WHERE _deleted_at IS NULL ORDER BY id")


def begin(shop: Shop, policy: str) -> None:
    shop.change_config(f'[source.on_new_column]\nproduct = "{policy}"\n')
    assert shop.sync().errors == []
    assert landed(shop) == products(shop)


def later(shop: Shop, **options: Any) -> Any:
    """A sync after the next look at the columns."""
    shop.ahead += timedelta(hours=2)
    return shop.sync(**options)


def goes_on(shop: Shop, number: int) -> None:
    """The stream takes a new row, whatever happened to its columns."""
    shop.product(number, f"2026-05-{number - 50:02d} 00:00:00")
    assert later(shop).errors == [] and landed(shop) == products(shop)


def stands(shop: Shop, number: int, word: str) -> None:
    """The stream stops with a clear word and keeps what it has; the others go on."""
    before = landed(shop)
    shop.product(number, f"2026-05-{number - 50:02d} 00:00:00")
    shop.sale(number, "2026-01-02", ("1", "3.00"), changed=f"2026-05-{number - 50:02d} 00:00:00")
    report = later(shop)
    (line,) = report.errors
    assert word in line and "product" in line, line
    assert landed(shop) == before and len(landed(shop)) == len(products(shop)) - 1
    assert report.status == "published" and shop.read(
        f"SELECT count(*) FROM core.line WHERE order_id = '{number}'"
    ) == [(1,)]


def added(shop: Shop, policy: str) -> None:
    begin(shop, policy)
    shop.sql("ALTER TABLE product ADD COLUMN colour VARCHAR(10)")
    if policy != "freeze":
        goes_on(shop, 51)
        outcome = {"evolve": "noted", "discard": "ignored"}[policy]
        assert shop.landed(EVENTS) == [("colour", "source: added", policy, outcome)]
        return
    stands(shop, 51, "frozen, its source changed: colour added")
    assert shop.landed(EVENTS) == [("colour", "source: added", "freeze", "stopped")]
    assert later(shop, accept_schema=True).errors == [] and landed(shop) == products(shop)
    assert shop.landed(EVENTS) == [("colour", "source: added", "freeze", "agreed")]
    goes_on(shop, 52)


def frozen_until_the_profile_reads_it(shop: Shop) -> None:
    begin(shop, "freeze")
    shop.sql("ALTER TABLE product ADD COLUMN colour VARCHAR(10)")
    stands(shop, 51, "colour added")
    shop.change_profile(('note = "text", changed', 'note = "text", colour = "text", changed'))
    shop.change_config("")
    assert later(shop).errors == [] and landed(shop) == products(shop)


def removed(shop: Shop, policy: str) -> None:
    """A column the profile reads: its stream stops by itself, under every policy."""
    begin(shop, policy)
    before, notes = landed(shop), shop.landed("SELECT id, note FROM erp__product ORDER BY id")
    shop.sql("ALTER TABLE product DROP COLUMN note")
    report = later(shop)
    assert "note" in report.errors[0] and "stream product" in report.errors[0]
    assert landed(shop) == before and shop.landed("SELECT id, note FROM erp__product ORDER BY id") == notes
    assert shop.landed(EVENTS) == [("note", "source: removed", policy, "stopped")]


def removed_unread(shop: Shop, policy: str) -> None:
    """A column the profile does not read: only freeze stops for it."""
    begin(shop, policy)
    before = landed(shop)
    shop.sql("ALTER TABLE product DROP COLUMN size")
    report = later(shop)
    assert [("frozen" in line, "size removed" in line) for line in report.errors] == [(True, True)] * (
        policy == "freeze"
    )
    assert landed(shop) == before == products(shop)
    outcome = {"evolve": "noted", "discard": "ignored", "freeze": "stopped"}[policy]
    assert shop.landed(EVENTS) == [("size", "source: removed", policy, outcome)]


def renamed(shop: Shop, policy: str) -> None:
    begin(shop, policy)
    before, notes = landed(shop), shop.landed("SELECT id, note FROM erp__product ORDER BY id")
    shop.sql("ALTER TABLE product RENAME COLUMN note TO remark")
    report = later(shop)
    if policy == "freeze":
        assert "frozen, its source changed: note renamed (note -> remark)" in report.errors[0]
    else:
        assert 'note looks renamed: from = "remark"' in report.errors[0]
    assert shop.landed(EVENTS) == [("note", "source: renamed", policy, "stopped")]
    assert landed(shop) == before and shop.landed("SELECT id, note FROM erp__product ORDER BY id") == notes
    shop.change_profile(('note = "text"', 'note = { type = "text", from = "remark" }'))
    assert later(shop, accept_schema=True).errors == []
    assert landed(shop) == products(shop) and shop.landed("SELECT id, note FROM erp__product ORDER BY id") == notes


def narrowed(shop: Shop, policy: str, *narrow: str) -> None:
    begin(shop, policy)
    for statement in narrow:
        shop.sql(statement)
    if policy == "freeze":
        stands(shop, 51, "note narrowed (VARCHAR(100) -> VARCHAR(10))")
    else:
        goes_on(shop, 51)
    outcome = {"evolve": "noted", "discard": "ignored", "freeze": "stopped"}[policy]
    assert shop.landed(EVENTS) == [("note", "source: narrowed", policy, outcome)]
