-- doc: The single rows that are not taken or name something unknown, with what the source sent, the oldest first; then those resolved, the latest first.
-- grain: one row per rejected row and reason
SELECT source, entity, stage, source_id, landed_key, reason, amount_base, first_seen, resolved_at,
       date_diff('day', first_seen::DATE, coalesce(resolved_at::DATE, $today)) AS days_open, payload
FROM ops.rejected_row
WHERE ($source IS NULL OR list_contains($source, source)) AND ($entity IS NULL OR list_contains($entity, entity))
ORDER BY resolved_at IS NOT NULL, resolved_at DESC, first_seen, source, entity, source_id
