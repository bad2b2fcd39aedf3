-- What becomes of each row of `page`. Of rows with one key the newest wins, then the smaller hash, across pages too.
CREATE OR REPLACE TEMP TABLE verdict AS
WITH ranked AS (
    SELECT *, row_number() OVER (
        PARTITION BY _key, _reason IS NULL ORDER BY _changed_at DESC NULLS LAST, _hash
    ) AS _rank
    FROM page
)
SELECT p.*, CASE WHEN p._gone_at IS NOT NULL THEN coalesce(l._deleted_at, p._gone_at) END AS _deleted_at,
    l._key IS NOT NULL AS _known,
    CASE
        WHEN p._reason IS NOT NULL THEN 'rejected'
        WHEN p._rank > 1 THEN 'duplicate'
        WHEN e._key IS NOT NULL AND (
            coalesce(p._changed_at < e._changed_at, e._changed_at IS NOT NULL AND p._changed_at IS NULL)
            OR (p._changed_at IS NOT DISTINCT FROM e._changed_at AND p._hash >= e._hash)
        ) THEN 'duplicate'
        WHEN e._key IS NOT NULL THEN 'replacement'
        WHEN l._key IS NULL THEN 'inserted'
        WHEN l._hash <> p._hash OR (l._deleted_at IS NULL) <> (p._gone_at IS NULL) THEN 'updated'
        WHEN l._changed_at IS DISTINCT FROM p._changed_at THEN 'touched'
        ELSE 'unchanged'
    END AS _verdict
FROM ranked p
LEFT JOIN {table} l ON l._key = p._key
LEFT JOIN seen e ON e._key = p._key AND e._hash IS NOT NULL
