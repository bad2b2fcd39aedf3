-- After a whole read: landed rows that were not among the rows seen.
CREATE OR REPLACE TEMP TABLE source_key AS
SELECT _key, count(*) AS _times FROM seen WHERE _key <> '' GROUP BY _key;

CREATE OR REPLACE TEMP TABLE missing AS
SELECT _key FROM {table} l WHERE _deleted_at IS NULL AND NOT EXISTS (FROM source_key k WHERE k._key = l._key)
