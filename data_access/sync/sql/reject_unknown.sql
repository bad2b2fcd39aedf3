DELETE FROM build.staging_finding
WHERE kind = 'unknown' AND entity = {entity} AND starts_with(reason, {prefix});
INSERT INTO build.staging_finding
SELECT t.source, {entity}, 'unknown', {prefix} || t.{field} || ' is unknown', coalesce(t.{id}::VARCHAR, ''), NULL, left(to_json(t)::VARCHAR, 4000), 1, {now}
FROM staging.{table} t
WHERE t.{field} IS NOT NULL
    AND EXISTS (SELECT 1 FROM staging.{to} r WHERE {same_source})
    AND NOT EXISTS (SELECT 1 FROM staging.{to} r WHERE {same_source} AND r.{column} = t.{field})
LIMIT {most}
