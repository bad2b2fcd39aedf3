"""A published company with as many items as a test likes, some of them named by somebody hostile."""

from pathlib import Path

from tests.published import publish

HOSTILE = [
    "=cmd|' /C calc'!A0",
    "@SUM(1+1)*cmd",
    "<script>alert('x')</script>",
    "<img src=x onerror=alert(1)> & \"quoted\", 'so'",
    "\u202egnirts desrever\u202c \u200f\u05d0\u05d1\u05d2",
    "line one\nline two\ttab\r\nline three",
    "_x0041_ \x01\x08 control",
    "]]> <!-- ]]> {{7*7}} ${jndi:x} %00",
    "🏭 北京开创电机有限公司 e\u0301",
    "long " + "x" * 9_995,
    "  =1+1",
    "http://example.invalid/?a=1&b=2",
    "007",
    "1E5",
]


def items(count: int, categories: int, names: list[str] | None = None) -> list[str]:
    """SQL that makes marts.item and what the runway reads beside it. Weekly sales of item i: i + 0.25."""
    quoted = ", ".join("'" + name.replace("'", "''") + "'" for name in names or ["Item"])
    return [
        "CREATE SCHEMA core",
        "CREATE SCHEMA marts",
        f"""CREATE TABLE marts.item AS
        SELECT 'p' || i AS product_id, 'SKU-' || i AS sku,
               list_extract([{quoted}], 1 + i % {len(names or [1])}) AS name,
               'Category ' || (i % {categories}) AS category,
               CAST(i + 0.25 AS DECIMAL(18, 2)) AS weekly_sales, CAST(i * 10 AS DECIMAL(18, 2)) AS stock_value,
               CAST(i % 100 AS DECIMAL(18, 3)) AS on_hand, CAST(i % 160 AS DOUBLE) / 10 AS cover_weeks,
               CASE WHEN i % 3 > 0 THEN CAST(i % 150 AS DOUBLE) / 10 END AS cover_weeks_deals,
               CASE WHEN i % 2 = 0 THEN DATE '2026-02-01' + CAST(i % 90 AS INTEGER) END AS run_out_date,
               DATE '2026-03-01' AS next_receipt_date, CAST(12.5 AS DECIMAL(18, 3)) AS next_receipt_quantity,
               0.5 AS gap_weeks_from, 1.5 AS gap_weeks_to, CAST(i AS DECIMAL(18, 2)) AS at_risk,
               CAST(i % 5 AS INTEGER) AS orders_waiting, CAST(i % 4 AS BIGINT) AS deals_waiting,
               CAST(0 AS DECIMAL(18, 2)) AS over_10_weeks_value
        FROM range({count}) t(i)""",
        "CREATE TABLE marts.deal_demand (opportunity_id VARCHAR, basis VARCHAR)",
        "CREATE TABLE marts.open_deal (opportunity_id VARCHAR)",
        """CREATE TABLE marts.span AS SELECT DATE '2026-01-31' AS today, 900 AS days_of_orders,
           DATE '2023-08-01' AS first_order_date""",
    ]


def published(folder: Path, count: int, categories: int = 8, names: list[str] | None = None) -> Path:
    """Publishes version 1 in `folder`; the folder."""
    publish(folder, 1, items(count, categories, names))
    return folder
