-- doc: What the last comparison of some streams with their source came to.
-- grain: one row per stream that was ever compared
SELECT source, entity, status, detail, days, agreed, checked_at
FROM ops.reconciled
WHERE source = $source AND list_contains($streams, entity)
ORDER BY entity
