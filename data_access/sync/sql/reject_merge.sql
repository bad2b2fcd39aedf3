UPDATE landing.staging_reject r SET payload = n.payload, landed_key = n.landed_key FROM reject_now n
WHERE r.resolved_at IS NULL AND r.payload IS DISTINCT FROM n.payload
    AND (r.source, r.entity, r.stage, r.source_id, r.reason) = (n.source, n.entity, n.stage, n.source_id, n.reason);
UPDATE landing.staging_reject SET resolved_at = {now}
WHERE resolved_at IS NULL
    AND (source, entity, stage, source_id, reason) NOT IN (SELECT (source, entity, stage, source_id, reason) FROM reject_now);
INSERT INTO landing.staging_reject
SELECT n.source, n.entity, n.stage, n.source_id, n.landed_key, n.reason, n.payload, {now}, NULL FROM reject_now n
WHERE (n.source, n.entity, n.stage, n.source_id, n.reason) NOT IN (
    SELECT (source, entity, stage, source_id, reason) FROM landing.staging_reject WHERE resolved_at IS NULL
);
DELETE FROM landing.staging_reject WHERE resolved_at < {now} - INTERVAL {kept_days} DAY;
DELETE FROM landing.rejected_row WHERE resolved_at < {now} - INTERVAL {kept_days} DAY
