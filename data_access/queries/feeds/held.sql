-- doc: Rows held back and not resolved yet, by stream (rejected while landing) or entity (rejected while mapping).
-- grain: one row per source and stream or entity
SELECT source, entity, count(DISTINCT (source_id, payload)) AS rows, min(first_seen) AS since
FROM ops.rejected_row
WHERE resolved_at IS NULL
GROUP BY source, entity
ORDER BY source, entity
