-- doc: What each customer was shipped and ordered, month by month; *_same_days counts only up to today's day of the month, so that months compare.
-- grain: one row per customer and month
-- partition: customer_id
-- by: core.shipment customer_id; core.sales_order_line customer_id
WITH flow AS (
    SELECT customer_id, effective_date AS day, revenue_base, 0 AS booked_base, cost_base FROM core.shipment
    UNION ALL
    SELECT customer_id, order_date, 0, amount_base, 0 FROM core.sales_order_line
    WHERE status IN ('open', 'shipped', 'done')
)
SELECT f.customer_id, CAST(date_trunc('month', f.day) AS DATE) AS month_start,
       money(coalesce(sum(f.revenue_base), 0)) AS revenue_base, money(coalesce(sum(f.booked_base), 0)) AS booked_base,
       money(coalesce(sum(f.cost_base), 0)) AS cost_base,
       money(coalesce(sum(f.revenue_base) FILTER (WHERE day(f.day) <= day(c.today)), 0)) AS revenue_same_days,
       money(coalesce(sum(f.booked_base) FILTER (WHERE day(f.day) <= day(c.today)), 0)) AS booked_same_days
FROM flow f CROSS JOIN core.company c
WHERE f.day IS NOT NULL AND f.day <= c.today
GROUP BY f.customer_id, month_start
