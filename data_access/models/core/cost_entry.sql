-- doc: Costs from the books, in base currency at the rate of the period's start.
-- grain: one row per source, period and kind
SELECT t.period_start, t.kind, money(sum(convert(t.amount, r.rate, c.digits))) AS amount_base, t.source
FROM staging.cost_entry t
CROSS JOIN staging.company c
ASOF LEFT JOIN core.exchange_rate r ON r.currency = t.currency AND r.day <= coalesce(t.period_start, DATE '1900-01-01')
GROUP BY t.source, t.period_start, t.kind
