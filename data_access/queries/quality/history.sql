-- doc: Who was this customer when, and why: every edge, also those closed since.
-- grain: one row per dated edge
SELECT source, source_id, customer_id, rule, confidence, status, decided_by, decided_at, valid_from, valid_to
FROM core.customer_link_history
WHERE customer_id = $customer
ORDER BY valid_from, source, source_id
