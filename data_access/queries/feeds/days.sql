-- doc: Days of some streams that do not agree with the source, the newest first. found: JSON with up to 20 keys each of missing, extra and different rows.
-- grain: one row per stream and day
SELECT entity, day, source_count, warehouse_count, source_sum, warehouse_sum, missing AS missing_rows, extra AS extra_rows,
       different AS different_rows, found
FROM ops.reconciliation
WHERE kind = 'day' AND NOT agrees AND source = $source AND list_contains($streams, entity)
ORDER BY day DESC NULLS FIRST, entity
LIMIT 200
