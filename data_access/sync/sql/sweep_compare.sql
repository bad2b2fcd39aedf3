-- The source's keys against the landed ones: what to fetch, what is gone, what is there twice.
CREATE OR REPLACE TEMP TABLE source_key AS
SELECT _key, max(_changed_at) AS _changed_at, bool_or(_changed_at IS NULL) AS _undated, count(*) AS _times
FROM sweep WHERE _key IS NOT NULL GROUP BY _key;

CREATE OR REPLACE TEMP TABLE to_fetch AS
SELECT k._key FROM source_key k
LEFT JOIN {table} l ON l._key = k._key
LEFT JOIN (
    SELECT source_id, max(changed_at) AS changed_at FROM landing.rejected_row
    WHERE source = {source} AND entity = {stream} AND resolved_at IS NULL AND reason <> {duplicate} GROUP BY ALL
) r ON r.source_id = k._key
WHERE (l._key IS NULL OR k._undated OR l._changed_at IS DISTINCT FROM k._changed_at)
        AND NOT coalesce(r.changed_at = k._changed_at, false)
    OR k._times > 1 AND NOT EXISTS (
        FROM landing.rejected_row d
        WHERE d.source = {source} AND d.entity = {stream} AND d.source_id = k._key AND d.resolved_at IS NULL AND d.reason = {duplicate}
    );

CREATE OR REPLACE TEMP TABLE missing AS
SELECT _key FROM {table} l WHERE _deleted_at IS NULL AND NOT EXISTS (FROM source_key k WHERE k._key = l._key)
