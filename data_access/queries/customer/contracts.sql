-- doc: The customer's contracts: running ones first, then those that begin later, then the newest that ended.
-- grain: one row per contract
SELECT t.contract_id, t.start_date, t.end_date, t.amount_base AS amount, t.status,
       CASE WHEN coalesce(t.status, '') IN ('cancelled', 'draft') THEN t.status WHEN t.end_date < c.today OR t.status = 'ended' THEN 'ended'
            WHEN t.start_date > c.today THEN 'later' ELSE 'running' END AS state
FROM core.contract t CROSS JOIN core.company c
WHERE t.customer_id = $customer
ORDER BY list_position(['running', 'later', 'ended', 'draft', 'cancelled'], state), t.end_date DESC, t.contract_id
