-- doc: Changes of one source's columns in the last 28 days, the newest first.
-- grain: one row per change
SELECT entity, "column", change, detail, seen_at
FROM ops.schema_change
WHERE source = $source AND list_contains($streams, entity) AND seen_at >= $today - INTERVAL 28 DAY
ORDER BY seen_at DESC, entity, "column"
LIMIT 50
