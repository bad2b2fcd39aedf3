-- doc: The newest goods in and out of one product, with what was on hand of it, all warehouses, after each. What stays within a warehouse is left out.
-- grain: one row per stock move, the newest 500
-- lookups: core.customer, core.warehouse
WITH moved AS (
    SELECT m.move_id, m.effective_date, m.kind, m.quantity, m.from_warehouse_id, m.to_warehouse_id, m.order_line_id,
           sum(CASE WHEN m.to_warehouse_id IS NULL THEN -m.quantity WHEN m.from_warehouse_id IS NULL THEN m.quantity ELSE 0 END)
               OVER (ORDER BY m.effective_date, m.move_id ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS on_hand
    FROM core.stock_move m CROSS JOIN core.company c
    WHERE m.product_id = $item AND m.status = 'done' AND m.effective_date <= c.today
        AND m.from_warehouse_id IS DISTINCT FROM m.to_warehouse_id
)
SELECT m.effective_date AS day, m.kind AS move_kind, f.code AS from_warehouse, t.code AS to_warehouse,
       CASE WHEN m.to_warehouse_id IS NULL THEN -m.quantity ELSE m.quantity END AS quantity, m.on_hand, l.order_no, l.order_id, k.name AS customer,
       l.customer_id, m.move_id
FROM moved m
LEFT JOIN core.warehouse f ON f.warehouse_id = m.from_warehouse_id
LEFT JOIN core.warehouse t ON t.warehouse_id = m.to_warehouse_id
LEFT JOIN core.sales_order_line l ON l.line_id = m.order_line_id
LEFT JOIN core.customer k ON k.customer_id = l.customer_id
ORDER BY m.effective_date DESC, m.move_id DESC
LIMIT 500
