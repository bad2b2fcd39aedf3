-- What changed is closed, what is new is opened, what is the same stays as it is.
UPDATE core.customer_link_history h SET valid_to = c.published_at FROM staging.company c
WHERE h.valid_to IS NULL AND NOT EXISTS (
    FROM core.customer_link l
    WHERE l.source = h.source AND l.source_id = h.source_id AND l.customer_id = h.customer_id AND l.rule = h.rule
        AND l.status = h.status AND l.decided_by IS NOT DISTINCT FROM h.decided_by
);
INSERT INTO core.customer_link_history
SELECT l.source, l.source_id, l.customer_id, l.rule, l.confidence, l.status, l.decided_by, l.decided_at, c.published_at, NULL
FROM core.customer_link l CROSS JOIN staging.company c
WHERE NOT EXISTS (
    FROM core.customer_link_history h
    WHERE h.valid_to IS NULL AND h.source = l.source AND h.source_id = l.source_id
)
