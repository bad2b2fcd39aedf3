-- doc: Every done move as the warehouses see it: in is positive, out negative; what stays within a warehouse is none. is_outside: the goods entered or left the company's stock. A transfer never does, also where goods on the road lie in no warehouse.
-- grain: one row per done move and warehouse it touches
-- materialize: view
SELECT effective_date AS day, product_id, to_warehouse_id AS warehouse_id, kind, quantity, from_warehouse_id IS NULL AND kind IS DISTINCT FROM 'transfer' AS is_outside
FROM core.stock_move
WHERE status = 'done' AND to_warehouse_id IS NOT NULL AND product_id IS NOT NULL AND effective_date IS NOT NULL
    AND to_warehouse_id IS DISTINCT FROM from_warehouse_id
UNION ALL
SELECT effective_date, product_id, from_warehouse_id, kind, -quantity, to_warehouse_id IS NULL AND kind IS DISTINCT FROM 'transfer'
FROM core.stock_move
WHERE status = 'done' AND from_warehouse_id IS NOT NULL AND product_id IS NOT NULL AND effective_date IS NOT NULL
    AND to_warehouse_id IS DISTINCT FROM from_warehouse_id
