-- What pages show besides the models' rows: open rejects, days that do not agree, schema changes.
SELECT 'reject' AS what, count(*) AS rows, coalesce(bit_xor(hash(source, entity, source_id, reason)), 0) AS content
FROM landing.rejected_row WHERE resolved_at IS NULL
UNION ALL
SELECT 'waiting', count(*), coalesce(bit_xor(hash(source, entity, stage, source_id, reason)), 0)
FROM landing.staging_reject WHERE resolved_at IS NULL
UNION ALL
SELECT 'day', count(*), coalesce(bit_xor(hash(source, entity, day, source_count, warehouse_count, source_sum, warehouse_sum)), 0)
FROM landing.reconciled_day WHERE NOT agrees
UNION ALL
SELECT 'schema', count(*), coalesce(bit_xor(hash(source, entity, "column", change, seen_at, outcome, agreed_at)), 0)
FROM landing.schema_change
