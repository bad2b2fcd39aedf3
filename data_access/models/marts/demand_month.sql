-- doc: Demand by month: value asked for in days that are over (by the day it is wanted), and what is expected of the days ahead, the weekly forecast shared out by days. product_id NULL: all of it, lines without a product included.
-- grain: one row per product and month, and one of the total a month
-- materialize: view
WITH asked AS (
    SELECT l.product_id, CAST(date_trunc('month', coalesce(l.requested_date, l.order_date)) AS DATE) AS month, l.quantity, l.amount_base
    FROM core.sales_order_line l
    JOIN core.company c ON coalesce(l.requested_date, l.order_date) < date_trunc('week', c.today)
    WHERE l.status IN ('open', 'shipped', 'done')
),
past AS (
    SELECT product_id, month, CAST(sum(quantity) AS DOUBLE) AS quantity, CAST(sum(amount_base) AS DOUBLE) AS amount_base FROM asked WHERE product_id IS NOT NULL GROUP BY product_id, month
    UNION ALL
    SELECT NULL, month, NULL, CAST(sum(amount_base) AS DOUBLE) FROM asked GROUP BY month
),
day AS (
    SELECT n FROM range(7) d(n)
),
ahead AS (
    SELECT f.product_id, CAST(date_trunc('month', f.period_start + CAST(n AS INTEGER)) AS DATE) AS month, sum(f.mean / 7) AS expected, NULL::DOUBLE AS expected_base
    FROM plan.demand_forecast f CROSS JOIN day GROUP BY f.product_id, month
    UNION ALL
    SELECT NULL, CAST(date_trunc('month', t.period_start + CAST(n AS INTEGER)) AS DATE) AS month, NULL, sum(t.mean / 7)
    FROM plan.demand_total t CROSS JOIN day WHERE t.mean IS NOT NULL GROUP BY month
)
SELECT coalesce(p.product_id, a.product_id) AS product_id, coalesce(p.month, a.month) AS month, p.quantity, a.expected, p.amount_base, a.expected_base
FROM past p
FULL JOIN ahead a ON a.product_id IS NOT DISTINCT FROM p.product_id AND a.month = p.month
