-- doc: Changes of the sources' columns and of the profiles', and what was done: noted, ignored, stopped (the stream waits), agreed or applied.
-- grain: one row per change
SELECT seen_at, source, entity, "column", change, detail, policy, outcome, agreed_at
FROM ops.schema_change
WHERE ($source IS NULL OR list_contains($source, source)) AND ($entity IS NULL OR list_contains($entity, entity))
ORDER BY seen_at DESC, source, entity, "column"
