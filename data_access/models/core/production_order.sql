-- doc: What the shop floor makes or will make.
-- grain: one row per production order
SELECT o.source, gid(o.source, o.production_id) AS production_id, p.product_id,
       gid(o.source, o.warehouse_id) AS warehouse_id, o.quantity, o.start_date, o.due_date, o.finished_date, o.status
FROM staging.production_order o
LEFT JOIN core.product p ON p.product_id = gid(o.source, o.product_id)
