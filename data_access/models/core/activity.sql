-- doc: Calls, visits, mails and meetings.
-- grain: one row per activity
-- lookups: core.customer_link
SELECT gid(a.source, a.activity_id) AS activity_id, k.customer_id, gid(a.source, a.opportunity_id) AS opportunity_id,
       a.kind, a.happened_at, a.owner, a.subject, a.source
FROM staging.activity a
LEFT JOIN core.customer_link k ON k.source = a.source AND k.source_id = a.customer_id
