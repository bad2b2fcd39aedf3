-- Rows that could not be taken, each once while it stays wrong; rows now taken are resolved.
CREATE OR REPLACE TEMP TABLE refused AS
SELECT coalesce(_key, '?' || left(md5(_payload), 12)) AS source_id, _reason AS reason, any_value(_payload) AS payload,
    max(_changed_at) AS changed_at
FROM verdict WHERE _verdict = 'rejected' GROUP BY ALL
UNION ALL
SELECT _key, {duplicate}, any_value(left(to_json({{{fields}}})::VARCHAR, 4000)), max(_changed_at)
FROM verdict WHERE _verdict = 'duplicate' GROUP BY ALL
UNION ALL
SELECT l._key, {duplicate}, left(to_json({{{landed_fields}}})::VARCHAR, 4000), l._changed_at
FROM verdict v JOIN {table} l ON l._key = v._key WHERE v._verdict = 'replacement';

UPDATE landing.rejected_row r SET payload = n.payload, changed_at = n.changed_at FROM refused n
WHERE r.source = {source} AND r.entity = {stream} AND r.resolved_at IS NULL
    AND r.source_id = n.source_id AND r.reason = n.reason;

INSERT INTO landing.rejected_row (source, entity, source_id, reason, payload, first_seen, changed_at)
SELECT {source}, {stream}, n.source_id, n.reason, n.payload, {now}, n.changed_at FROM refused n
WHERE NOT EXISTS (
    FROM landing.rejected_row r WHERE r.source = {source} AND r.entity = {stream} AND r.resolved_at IS NULL
        AND r.source_id = n.source_id AND r.reason = n.reason
);

UPDATE landing.rejected_row SET resolved_at = {now}
WHERE source = {source} AND entity = {stream} AND resolved_at IS NULL AND reason <> {duplicate}
    AND source_id IN (SELECT _key FROM verdict WHERE _verdict NOT IN ('rejected', 'duplicate'))
    AND (source_id, reason) NOT IN (SELECT (source_id, reason) FROM refused)
