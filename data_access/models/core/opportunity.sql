-- doc: Deals and leads, in base currency at the rate of the day they were created. in_pipeline: of CRM sources; an ERP's own only where there is no CRM.
-- grain: one row per opportunity
-- lookups: core.customer_link
WITH dated AS (
    SELECT o.*, s.role, c.digits, coalesce(o.created_date, c.today) AS rate_day,
           s.role = 'crm' OR NOT EXISTS (SELECT 1 FROM staging.source WHERE role = 'crm') AS in_pipeline
    FROM staging.opportunity o
    JOIN staging.source s ON s.source = o.source
    CROSS JOIN staging.company c
)
SELECT o.source, gid(o.source, o.opportunity_id) AS opportunity_id, k.customer_id, o.name, o.owner, o.stage,
       o.probability, money(convert(o.amount, r.rate, o.digits)) AS amount_base, o.created_date, o.expected_close,
       o.closed_date, o.in_pipeline, o.closed_at, o.currency, o.amount, r.rate
FROM dated o
ASOF LEFT JOIN core.exchange_rate r ON r.currency = o.currency AND r.day <= o.rate_day
LEFT JOIN core.customer_link k ON k.source = o.source AND k.source_id = o.customer_id
