-- Rows that were asked for by key and that the source does not have: tombstoned, and their rejects ended.
UPDATE {table} SET _deleted_at = {now}, _changed_at = NULL WHERE _key IN (FROM missing);
UPDATE landing.cursor SET content = content + {changed} WHERE source = {source} AND stream = {stream} AND {changed} = 1;
UPDATE landing.rejected_row SET resolved_at = {now}
WHERE source = {source} AND entity = {stream} AND resolved_at IS NULL AND source_id IN (FROM absent)
