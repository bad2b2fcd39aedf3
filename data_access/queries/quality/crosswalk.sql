-- doc: Every source customer with the customer it is, why, and since when.
-- grain: one row per source customer
SELECT l.customer_id, k.name, l.source, r.role, l.source_id, r.name AS source_name, l.rule, l.confidence, l.status, l.decided_by,
       l.decided_at, h.valid_from
FROM core.customer_link l
JOIN core.customer k ON k.customer_id = l.customer_id
JOIN core.identity_record r ON r.source = l.source AND r.source_id = l.source_id
LEFT JOIN core.customer_link_history h ON h.source = l.source AND h.source_id = l.source_id AND h.valid_to IS NULL
ORDER BY l.customer_id, l.rule <> 'self', l.source, l.source_id
