-- doc: Rows that are not taken, or name something unknown, by cause. since: when the oldest was first seen; examples: up to five ids.
-- grain: one row per source, entity, stage and cause
SELECT source, entity, stage, regexp_replace(reason, ': .* is not ', ' is not ') AS cause, count(*) AS rows, min(first_seen) AS since,
       date_diff('day', min(first_seen)::DATE, $today) AS days_open, sum(amount_base) AS amount_base,
       min(source_id, 5) AS examples
FROM ops.rejected_row
WHERE resolved_at IS NULL AND ($source IS NULL OR list_contains($source, source)) AND ($entity IS NULL OR list_contains($entity, entity))
GROUP BY source, entity, stage, cause
ORDER BY rows DESC, source, entity, cause
