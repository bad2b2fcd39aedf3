-- doc: Demand of an item by month: asked for in weeks that are over, by the day it is wanted; and what is expected of the weeks ahead, shared out by days, its value at net price.
-- grain: one row per product and month
-- materialize: view
WITH past AS (
    SELECT l.product_id, CAST(date_trunc('month', coalesce(l.requested_date, l.order_date)) AS DATE) AS month,
           CAST(sum(l.quantity) AS DOUBLE) AS quantity, CAST(sum(l.amount_base) AS DOUBLE) AS asked
    FROM core.sales_order_line l
    JOIN core.company c ON coalesce(l.requested_date, l.order_date) < date_trunc('week', c.today)
    WHERE l.status IN ('open', 'shipped', 'done') AND l.product_id IS NOT NULL
    GROUP BY l.product_id, month
),
ahead AS (
    SELECT f.product_id, CAST(date_trunc('month', f.period_start + CAST(n AS INTEGER)) AS DATE) AS month, sum(f.mean / 7) AS quantity
    FROM plan.demand_forecast f CROSS JOIN range(7) d(n)
    GROUP BY f.product_id, month
)
SELECT coalesce(p.product_id, a.product_id) AS product_id, coalesce(p.month, a.month) AS month, p.quantity, p.asked,
       a.quantity AS expected_quantity, a.quantity * CAST(x.net_price AS DOUBLE) AS expected
FROM past p
FULL JOIN ahead a ON a.product_id = p.product_id AND a.month = p.month
LEFT JOIN marts.item_price x ON x.product_id = coalesce(p.product_id, a.product_id)
