-- doc: Operations of what is made; one without a known work centre says nothing about load.
-- grain: one row per product and operation
SELECT r.product_id, r.work_center_id, CAST(greatest(coalesce(r.setup_hours, 0), 0) AS DOUBLE) AS setup_hours,
       CAST(greatest(coalesce(r.hours_per_unit, 0), 0) AS DOUBLE) AS hours_per_unit
FROM core.routing_operation r
WHERE r.work_center_id IN (SELECT work_center_id FROM core.work_center)
ORDER BY ALL
