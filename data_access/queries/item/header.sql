-- doc: One product: what it is, what is held, how long it lasts, what sells, what waits for it, and its margin of twelve months.
-- grain: one row, none where there is no such product
-- lookups: plan.item_parameter
WITH stock AS (
    SELECT sum(quantity) AS on_hand, count(*) AS warehouses, sum(value_base) AS stock_cost FROM core.stock_on_hand WHERE product_id = $item
),
sold AS (
    SELECT sum(s.revenue_base) AS revenue, sum(s.costed_revenue_base) AS costed_revenue, sum(s.cost_base) AS cost
    FROM marts.sale s CROSS JOIN core.company c
    WHERE s.event = 'shipped' AND s.product_id = $item AND s.day > c.today - INTERVAL 12 MONTH AND s.day <= c.today
),
waiting AS (
    SELECT count(DISTINCT order_id) AS orders_waiting, sum(quantity - shipped_quantity) AS quantity_waiting FROM core.sales_order_line
    WHERE status = 'open' AND quantity > shipped_quantity AND product_id = $item
),
deal AS (
    SELECT count(DISTINCT opportunity_id) AS deals_waiting, sum(weighted_quantity) AS weighted_quantity FROM marts.deal_demand WHERE product_id = $item
),
coming AS (
    SELECT count(*) FILTER (WHERE is_overdue OR expected_date IS NULL) AS receipts_overdue, count(*) AS receipts FROM marts.receipt WHERE product_id = $item
)
SELECT p.product_id, p.source, p.sku, p.name, coalesce(p.category, '–') AS category, p.uom, p.supply,
       CASE WHEN t.lead_time_from <> 'assumed' THEN t.lead_time_days END AS lead_time_days, coalesce(q.safety_stock, p.safety_stock) AS safety_stock, p.is_active,
       p.unit_cost, coalesce(k.on_hand, 0) AS on_hand, k.warehouses, k.stock_cost, x.net_price, i.weekly_quantity, i.weekly_sales, i.cover_weeks,
       i.run_out_date, i.next_receipt_date, i.next_receipt_quantity, i.at_risk, i.gap_weeks_from, i.gap_weeks_to, w.orders_waiting, w.quantity_waiting,
       d.deals_waiting, CAST(coalesce(d.weighted_quantity, 0) * CAST(x.net_price AS DOUBLE) AS DECIMAL(18,4)) AS deals_weighted,
       CAST(s.costed_revenue - s.cost AS DOUBLE) / nullif(CAST(s.costed_revenue AS DOUBLE), 0) AS gross_margin, s.revenue, r.receipts, r.receipts_overdue
FROM core.product p
CROSS JOIN stock k
CROSS JOIN sold s
CROSS JOIN waiting w
CROSS JOIN deal d
CROSS JOIN coming r
JOIN marts.lead_time t ON t.product_id = p.product_id
LEFT JOIN plan.item_parameter q ON q.product_id = p.product_id
LEFT JOIN marts.item i ON i.product_id = p.product_id
LEFT JOIN marts.item_price x ON x.product_id = p.product_id
WHERE p.product_id = $item
