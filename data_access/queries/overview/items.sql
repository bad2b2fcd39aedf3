-- doc: Every item with demand or stock: what it sells a week, what is held, how long it lasts, what waits for it.
-- grain: one row per product, money at risk first, then the shortest cover
WITH deal AS (
    SELECT d.product_id, sum(d.weighted_quantity) AS quantity
    FROM marts.deal_demand d CROSS JOIN core.company c
    WHERE d.close_week < c.today + 56
    GROUP BY d.product_id
)
SELECT i.product_id, i.sku, i.name, i.category, i.weekly_sales, i.weekly_quantity, i.on_hand, i.stock_value, i.cover_weeks,
       i.cover_weeks_deals, CASE WHEN i.at_risk > 0 THEN 'out' WHEN i.cover_weeks < 4 THEN 'under' WHEN i.cover_weeks <= 8 THEN 'in'
                                 WHEN i.cover_weeks IS NULL THEN 'still' ELSE 'over' END AS cover_status,
       i.run_out_date, i.gap_weeks_from, i.gap_weeks_to, i.next_receipt_date, i.next_receipt_quantity, i.orders_waiting,
       i.deals_waiting, CAST(coalesce(d.quantity, 0) * CAST(i.net_price AS DOUBLE) AS DECIMAL(18,4)) AS deals_8_weeks, i.at_risk
FROM marts.item i
LEFT JOIN deal d ON d.product_id = i.product_id
WHERE ($category IS NULL OR list_contains($category, i.category)) AND ($sku IS NULL OR list_contains($sku, i.sku))
    AND ($status IS NULL OR list_contains($status, cover_status))
ORDER BY i.at_risk DESC NULLS LAST, i.cover_weeks ASC NULLS LAST, i.product_id
