-- doc: Places that hold stock.
-- grain: one row per warehouse
SELECT gid(source, warehouse_id) AS warehouse_id, code, name, source FROM staging.warehouse
