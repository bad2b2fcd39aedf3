DELETE FROM {table} WHERE _key IN (
    SELECT _key FROM verdict WHERE _verdict IN ('updated', 'replacement') AND _known
);
INSERT INTO {table} ({columns}, _key, _hash, _changed_at, _deleted_at, _run_id)
SELECT {columns}, _key, _hash, _changed_at, _deleted_at, {run_id} FROM verdict
WHERE _verdict IN ('inserted', 'updated', 'replacement');
UPDATE {table} t SET _changed_at = v._changed_at FROM verdict v
WHERE v._verdict = 'touched' AND t._key = v._key
