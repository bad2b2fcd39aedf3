-- Count and sum of hashes of the rows the source should show (tombstones have no change instant), and open rejects:
-- much cheaper than joining.
SELECT count(*), coalesce(sum(hash(_key, _changed_at)), 0)::VARCHAR, (
    SELECT count(*) FROM landing.rejected_row WHERE source = {source} AND entity = {stream} AND resolved_at IS NULL
)
FROM {table} WHERE _changed_at IS NOT NULL OR _deleted_at IS NULL
