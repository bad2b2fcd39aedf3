-- doc: Mapped values over values, of all fields that have a map; and how many rows have a value without one.
-- grain: one row
SELECT sum(mapped) / nullif(sum(filled), 0) AS coverage, (sum(filled) - sum(mapped))::BIGINT AS unmapped
FROM ops.mapping
WHERE kind = 'field' AND map IS NOT NULL AND ($source IS NULL OR list_contains($source, source)) AND ($entity IS NULL OR list_contains($entity, entity))
