-- doc: Order lines in base currency: an order's total is converted once at the rate of the order date and allocated to its lines as differences of the converted running sum. No rate or no currency: NULL, never 1:1.
-- grain: one row per sales order line
-- partition: order_id
-- by: staging.sales_order_line order_id
WITH line AS (
    SELECT l.source, l.order_id, l.line_id, l.order_date, l.currency, l.status = 'cancelled' AS is_cancelled,
           money(coalesce(l.amount, extend(l.quantity, l.unit_price, coalesce(d.digits, 2)))) AS amount
    FROM staging.sales_order_line l
    LEFT JOIN staging.currency_digits d ON d.currency = l.currency
),
-- Cancelled lines are no part of the order's total; they are converted among themselves.
running AS (
    SELECT *, row_number() OVER in_order AS line_no, sum(coalesce(amount, 0)) OVER in_order AS running_amount
    FROM line
    WINDOW in_order AS (
        PARTITION BY source, order_id, currency, order_date, is_cancelled
        ORDER BY try_cast(line_id AS BIGINT) NULLS LAST, line_id
        ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW)
),
converted AS (
    SELECT l.source, l.order_id, l.line_id, l.order_date, l.currency, l.is_cancelled, l.line_no, l.amount, r.rate,
           convert(l.running_amount, r.rate, c.digits) AS running_base
    FROM running l
    ASOF LEFT JOIN core.exchange_rate r ON r.currency = l.currency AND r.day <= coalesce(l.order_date, DATE '1900-01-01')
    CROSS JOIN staging.company c
)
SELECT source, order_id, line_id, is_cancelled, amount, rate,
       CASE WHEN amount IS NOT NULL THEN money(running_base - coalesce(lag(running_base) OVER in_order, 0)) END AS amount_base
FROM converted
WINDOW in_order AS (PARTITION BY source, order_id, currency, order_date, is_cancelled ORDER BY line_no)
