-- doc: Hours a product needs at a work centre.
-- grain: one row per product and operation
SELECT gid(source, product_id) AS product_id, gid(source, work_center_id) AS work_center_id, setup_hours,
       hours_per_unit, source
FROM staging.routing_operation
