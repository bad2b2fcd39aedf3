-- doc: Rows of some streams and entities that are held back, the oldest first.
-- grain: one row per row held back
SELECT entity, source_id, reason, payload, first_seen
FROM ops.rejected_row
WHERE resolved_at IS NULL AND source = $source AND list_contains($streams, entity)
ORDER BY first_seen, entity, source_id
LIMIT 200
