-- doc: Every done move as the warehouses see it: in is positive, out negative. is_outside: the goods entered or left the company's stock (not a transfer).
-- grain: one row per done move and warehouse it touches
-- materialize: view
SELECT effective_date AS day, product_id, to_warehouse_id AS warehouse_id, kind, quantity, from_warehouse_id IS NULL AS is_outside
FROM core.stock_move
WHERE status = 'done' AND to_warehouse_id IS NOT NULL AND product_id IS NOT NULL AND effective_date IS NOT NULL
UNION ALL
SELECT effective_date, product_id, from_warehouse_id, kind, -quantity, to_warehouse_id IS NULL
FROM core.stock_move
WHERE status = 'done' AND from_warehouse_id IS NOT NULL AND product_id IS NOT NULL AND effective_date IS NOT NULL
