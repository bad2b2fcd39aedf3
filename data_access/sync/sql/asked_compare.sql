-- After a read by keys: what of the asked keys is gone; every other key counts as still there.
CREATE OR REPLACE TEMP TABLE missing AS
SELECT a._key FROM asked a JOIN {table} l ON l._key = a._key
WHERE l._deleted_at IS NULL AND NOT EXISTS (FROM seen e WHERE e._key = a._key);

CREATE OR REPLACE TEMP TABLE source_key AS
SELECT source_id AS _key, 2 AS _times FROM landing.rejected_row
WHERE source = {source} AND entity = {stream} AND source_id NOT IN (SELECT _key FROM asked WHERE _key NOT IN (SELECT _key FROM seen))
