-- doc: A stock move or shipment occurs twice.
-- grain: one row per duplicated key
-- severity: gate
-- title_zh: 库存移动或发货重复。
-- table: core.stock_move
-- partition: move_id
-- by: core.stock_move move_id; core.shipment move_id
WITH keyed AS (
    SELECT 'core.stock_move' AS name, move_id FROM core.stock_move
    UNION ALL SELECT 'core.shipment', move_id FROM core.shipment
)
SELECT move_id, name, count(*) AS rows FROM keyed GROUP BY name, move_id HAVING count(*) > 1
