-- doc: Days on which the source and the warehouse do not hold the same rows or sums, at the same bound. found: JSON with up to 20 keys each of missing, extra and different rows.
-- grain: one row per source, entity and day
SELECT source, entity, day, source_count, warehouse_count, source_sum, warehouse_sum, missing AS missing_rows, extra AS extra_rows,
       different AS different_rows, found, bound, checked_at
FROM ops.reconciliation
WHERE kind = 'day' AND NOT agrees AND ($source IS NULL OR list_contains($source, source)) AND ($entity IS NULL OR list_contains($entity, entity))
ORDER BY day DESC NULLS FIRST, source, entity
