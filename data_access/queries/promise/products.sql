-- doc: How products are made or bought, in what lots, whether they are still sold, and the warehouse they come in at: where goods last came from outside, else where most of it lies.
-- grain: one row per product asked for
WITH came AS (
    SELECT product_id, arg_max(to_warehouse_id, (effective_date, move_id)) AS warehouse_id
    FROM core.stock_move
    WHERE status = 'done' AND kind IN ('receipt', 'production_in') AND to_warehouse_id IS NOT NULL
        AND product_id IN (SELECT unnest(CAST($products AS VARCHAR[])))
    GROUP BY product_id
),
lies AS (
    SELECT product_id, arg_max(warehouse_id, (quantity, warehouse_id)) AS warehouse_id
    FROM core.stock_on_hand
    WHERE quantity > 0 AND product_id IN (SELECT unnest(CAST($products AS VARCHAR[])))
    GROUP BY product_id
)
SELECT p.product_id, p.sku, p.name, p.uom, p.supply, p.is_active, CASE WHEN t.lead_time_from <> 'assumed' THEN t.lead_time_days END AS lead_time_days,
       coalesce(r.min_order_qty, p.min_order_qty) AS min_order_qty, coalesce(r.order_multiple, p.order_multiple) AS order_multiple,
       coalesce(c.warehouse_id, l.warehouse_id) AS receives
FROM core.product p
JOIN marts.lead_time t ON t.product_id = p.product_id
LEFT JOIN core.item_rule r ON r.product_id = p.product_id
LEFT JOIN came c ON c.product_id = p.product_id
LEFT JOIN lies l ON l.product_id = p.product_id
WHERE p.product_id IN (SELECT unnest(CAST($products AS VARCHAR[])))
ORDER BY p.product_id
