-- doc: Changes of the sources' columns seen in the last seven days.
-- grain: one row per change
SELECT source, entity, "column", change, detail, seen_at
FROM ops.schema_change
WHERE seen_at >= $today - INTERVAL 7 DAY
ORDER BY seen_at DESC, source, entity, "column"
