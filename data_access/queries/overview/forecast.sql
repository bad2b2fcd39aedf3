-- doc: What customers asked for a week and what is expected: twelve full weeks back, ten ahead from the current one.
-- grain: one row per ISO week
SELECT t.period_start AS week_start, t.actual, t.mean, t.lo80, t.hi80, k.capacity_base AS capacity, t.last_year
FROM plan.demand_total t
CROSS JOIN marts.span s
LEFT JOIN marts.capacity_week k ON k.week_start = t.period_start
WHERE t.period_start >= date_trunc('week', s.today) - INTERVAL 12 WEEK
    AND t.period_start < date_trunc('week', s.today) + INTERVAL 10 WEEK
ORDER BY t.period_start
