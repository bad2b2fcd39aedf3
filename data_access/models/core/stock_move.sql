-- doc: Goods in, out and between warehouses (NULL = outside). A move within one warehouse stays and nets to zero.
-- grain: one row per stock move
-- partition: move_id
-- by: staging.stock_move gid(source, move_id)
SELECT m.source, gid(m.source, m.move_id) AS move_id, m.effective_date, m.planned_date, p.product_id,
       gid(m.source, m.from_warehouse_id) AS from_warehouse_id, gid(m.source, m.to_warehouse_id) AS to_warehouse_id,
       m.quantity, m.kind, m.status, gid(m.source, m.order_line_id) AS order_line_id, m.unit_cost
FROM staging.stock_move m
LEFT JOIN core.product p ON p.product_id = gid(m.source, m.product_id)
