-- doc: Running agreements, in base currency at the rate of their start (or today's, when they start later).
-- grain: one row per contract
-- lookups: core.customer_link
SELECT gid(t.source, t.contract_id) AS contract_id, k.customer_id, t.start_date, t.end_date,
       money(convert(t.amount, r.rate, c.digits)) AS amount_base, t.status, t.source
FROM staging.contract t
CROSS JOIN staging.company c
ASOF LEFT JOIN core.exchange_rate r ON r.currency = t.currency AND r.day <= coalesce(t.start_date, c.today)
LEFT JOIN core.customer_link k ON k.source = t.source AND k.source_id = t.customer_id
