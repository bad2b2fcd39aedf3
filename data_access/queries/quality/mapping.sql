-- doc: What every field is made of and how its values are mapped. kind field: a field as a whole, source_value is its expression; kind value: one value of a mapped field, canonical NULL where it has no mapping. examples: ids of rows that were not mapped.
-- grain: one row per source, entity, block and field, and one per value of a mapped field
SELECT source, entity, block + 1 AS block, field, kind, map, source_value, canonical, rows, filled, mapped,
       mapped / nullif(filled, 0) AS coverage, filled / nullif(rows, 0) AS fill_rate, sample AS examples
FROM ops.mapping
WHERE ($source IS NULL OR list_contains($source, source)) AND ($entity IS NULL OR list_contains($entity, entity))
ORDER BY source, entity, block, field, kind, canonical IS NOT NULL, filled DESC, source_value
