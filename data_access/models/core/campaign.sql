-- doc: Marketing campaigns, budget in base currency at the rate of their start.
-- grain: one row per campaign
SELECT gid(t.source, t.campaign_id) AS campaign_id, t.name, t.start_date, t.end_date,
       money(convert(t.budget, r.rate, c.digits)) AS budget_base, t.status, t.source
FROM staging.campaign t
CROSS JOIN staging.company c
ASOF LEFT JOIN core.exchange_rate r ON r.currency = t.currency AND r.day <= coalesce(t.start_date, c.today)
