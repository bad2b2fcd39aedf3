-- doc: What to do next, and the money it protects or frees: bring a receipt forward or order where an item runs out (money at risk), move goods between warehouses (their sales value), offer old stock that somebody takes (its cost).
-- grain: one row per suggestion
-- lookups: core.customer, core.warehouse
WITH first_order AS (
    SELECT product_id, arg_min(customer_id, (day, need_id)) AS customer_id FROM marts.need WHERE kind = 'order' GROUP BY product_id
)
SELECT CASE WHEN i.next_receipt_date IS NULL THEN 'order' ELSE 'expedite' END AS kind, i.product_id, i.sku, i.name, i.category, CAST(i.at_risk AS DOUBLE) AS money,
       CAST(i.at_risk_quantity AS DOUBLE) AS quantity, i.next_receipt_date AS day, i.orders_waiting AS count, k.name AS customer,
       CAST(NULL AS VARCHAR) AS from_warehouse, CAST(NULL AS VARCHAR) AS to_warehouse, NULL AS taker
FROM marts.item i
LEFT JOIN first_order f ON f.product_id = i.product_id
LEFT JOIN core.customer k ON k.customer_id = f.customer_id
WHERE i.at_risk > 0
UNION ALL
SELECT 'transfer', i.product_id, i.sku, i.name, i.category, CAST(t.value AS DOUBLE), CAST(t.quantity AS DOUBLE), NULL, NULL, NULL, a.name, b.name, NULL
FROM marts.transfer t
JOIN marts.item i ON i.product_id = t.product_id
JOIN core.warehouse a ON a.warehouse_id = t.from_warehouse_id
JOIN core.warehouse b ON b.warehouse_id = t.to_warehouse_id
UNION ALL
SELECT 'offer', p.product_id, p.sku, p.name, coalesce(p.category, '–'), CAST(o.old_value AS DOUBLE), CAST(o.old_quantity AS DOUBLE), NULL,
       CASE o.taker WHEN 'deals' THEN o.deals WHEN 'service' THEN o.asking ELSE o.buyers END, k.name, NULL, NULL, o.taker
FROM marts.old_stock o
JOIN core.product p ON p.product_id = o.product_id
LEFT JOIN core.customer k ON k.customer_id = o.customer_id
WHERE o.taker IN ('deals', 'service', 'buyers')
