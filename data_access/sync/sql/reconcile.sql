-- Keys in the source against rows held here at the same bound; rejected rows are the difference.
DELETE FROM landing.reconciliation WHERE source = {source} AND entity = {stream} AND day = {now}::DATE;
INSERT INTO landing.reconciliation
SELECT {source}, {stream}, {now}::DATE, {source_count}, count(*) FROM {table}
WHERE _deleted_at IS NULL OR _changed_at IS NOT NULL
