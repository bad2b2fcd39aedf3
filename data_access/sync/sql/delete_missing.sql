-- Without its change instant a row that comes back is fetched again. Rejects end with their row;
-- those of doubled keys when the key is there once; those without a key only where all rows were read.
UPDATE {table} SET _deleted_at = {now}, _changed_at = NULL, _run_id = {run_id}
WHERE {changed} = 1 AND _key IN (FROM missing);
UPDATE landing.cursor SET content = content + {changed} WHERE source = {source} AND stream = {stream} AND {changed} = 1;
UPDATE landing.rejected_row r SET resolved_at = {now}
WHERE r.source = {source} AND r.entity = {stream} AND r.resolved_at IS NULL AND ({whole} OR r.source_id NOT LIKE '?%')
    AND NOT EXISTS (FROM source_key k WHERE k._key = r.source_id AND (k._times > 1 OR r.reason <> {duplicate}))
