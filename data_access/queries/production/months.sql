-- doc: Value asked for and expected by month, beside the same month of last year; the current month is both.
-- grain: one row per month: twelve back, five ahead from the current one
SELECT m.month, m.amount_base AS asked, m.expected_base AS expected, y.amount_base AS last_year, m.month = date_trunc('month', c.today) AS is_current
FROM marts.demand_month m
CROSS JOIN core.company c
LEFT JOIN marts.demand_month y ON y.product_id IS NULL AND y.month = m.month - INTERVAL 1 YEAR
WHERE m.product_id IS NULL AND m.month >= date_trunc('month', c.today) - INTERVAL 12 MONTH AND m.month < date_trunc('month', c.today) + INTERVAL 6 MONTH
ORDER BY m.month
