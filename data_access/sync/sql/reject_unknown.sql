DELETE FROM build.staging_finding
WHERE kind = 'unknown' AND entity = {entity} AND starts_with(reason, {prefix}) AND {judged};
INSERT INTO build.staging_finding
SELECT t.source, {entity}, 'unknown', {prefix} || t.{field} || ' is unknown', coalesce(t.{id}::VARCHAR, ''), NULL, left(to_json(t)::VARCHAR, 4000), 1, {now}
FROM {rows} t
WHERE {found} AND {is_unknown}
ORDER BY t.{id}, t.source, t.{field}
LIMIT {most}
