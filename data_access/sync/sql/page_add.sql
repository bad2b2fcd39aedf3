-- A page of nothing but new rows.
INSERT INTO {table} ({columns}, _key, _hash, _changed_at, _run_id)
SELECT {columns}, _key, _hash, _changed_at, {run_id} FROM page
