-- doc: What the customer is called in each system, and why they are taken for one: self is the row the others joined.
-- grain: one row per source customer
SELECT source, source_id, rule, confidence, status, decided_by, decided_at
FROM core.customer_link
WHERE customer_id = $customer
ORDER BY rule <> 'self', source, source_id
