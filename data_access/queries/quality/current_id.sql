-- doc: The customer that an id means now: itself, or the one that its records joined since.
-- grain: one row, none for an id that never was
SELECT l.customer_id
FROM (
    SELECT source, source_id, 0 AS rank FROM core.customer_link WHERE customer_id = $customer
    UNION ALL
    SELECT source, source_id, 1 FROM core.customer_link_history WHERE customer_id = $customer
) k
JOIN core.customer_link l ON l.source = k.source AND l.source_id = k.source_id
ORDER BY k.rank, l.rule <> 'self', l.customer_id
LIMIT 1
