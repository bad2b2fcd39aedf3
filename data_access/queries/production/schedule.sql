-- doc: The master schedule: what is expected and ordered, what parents take, what comes in, and what is left if nothing is hurried. planned_receipts: new orders, those too late to be in time where they can first be there.
-- grain: one row per product and ISO week, ten from the current one, the tightest products first
WITH walk AS (
    SELECT m.*, coalesce(lag(m.unexpedited) OVER (PARTITION BY m.product_id ORDER BY m.period_start), q.on_hand) AS before
    FROM plan.mps m JOIN plan.item_parameter q ON q.product_id = m.product_id
)
SELECT x.product_id, p.sku, p.name, coalesce(p.category, '–') AS category, q.on_hand, q.safety_stock, x.tightness, i.run_out_date, x.short_quantity, x.short_week, x.low_from,
       m.period_start AS week_start, m.forecast, m.orders AS customer_orders, m.deals AS deal_quantity, m.dependent_demand, m.scheduled_receipts,
       greatest(round(m.unexpedited - m.before + m.gross_requirements - m.scheduled_receipts, 4), 0) AS planned_receipts, m.unexpedited AS projected_available, m.atp
FROM marts.plan_item x
JOIN walk m ON m.product_id = x.product_id
JOIN plan.item_parameter q ON q.product_id = x.product_id
JOIN core.product p ON p.product_id = x.product_id
LEFT JOIN marts.item i ON i.product_id = x.product_id
CROSS JOIN core.company c
WHERE m.period_start < date_trunc('week', c.today) + INTERVAL 10 WEEK
    AND ($category IS NULL OR list_contains($category, coalesce(p.category, '–'))) AND ($sku IS NULL OR list_contains($sku, p.sku))
ORDER BY x.place, m.period_start
