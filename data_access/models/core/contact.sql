-- doc: People at our customers.
-- grain: one row per contact
-- lookups: core.customer_link
SELECT gid(t.source, t.contact_id) AS contact_id, k.customer_id, t.name, t.email, t.phone, t.source
FROM staging.contact t
LEFT JOIN core.customer_link k ON k.source = t.source AND k.source_id = t.customer_id
