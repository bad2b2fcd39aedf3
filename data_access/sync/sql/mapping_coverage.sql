WITH field AS (
    SELECT entity, field, string_agg(DISTINCT source, ',' ORDER BY source) AS sources, sum(filled)::BIGINT AS filled,
        sum(mapped)::BIGINT AS mapped, bool_or(map IS NOT NULL) AS has_map
    FROM build.mapping WHERE kind = 'field' GROUP BY entity, field
),
lost AS (
    SELECT entity, field, to_json(list({{'value': source_value, 'rows': filled}} ORDER BY filled DESC)[:20])::VARCHAR AS listed
    FROM build.mapping WHERE kind = 'value' AND canonical IS NULL GROUP BY entity, field
)
SELECT f.entity, f.field, f.sources, f.filled, f.mapped, l.listed
FROM field f
LEFT JOIN lost l ON l.entity = f.entity AND l.field = f.field
WHERE f.has_map OR f.mapped < f.filled
ORDER BY f.entity, f.field
