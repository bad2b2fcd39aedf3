-- doc: What customers asked for a week, what is expected with both bands, and what the work centres can make of it.
-- grain: one row per ISO week: 22 full weeks back, 12 ahead from the current one
SELECT t.period_start AS week_start, t.actual, t.mean, t.lo80, t.hi80, t.lo95, t.hi95, k.capacity_base AS capacity, t.last_year,
       w.name AS work_center, k.utilisation
FROM plan.demand_total t
CROSS JOIN core.company c
LEFT JOIN marts.capacity_week k ON k.week_start = t.period_start
LEFT JOIN core.work_center w ON w.work_center_id = k.work_center_id
WHERE t.period_start >= date_trunc('week', c.today) - INTERVAL 22 WEEK AND t.period_start < date_trunc('week', c.today) + INTERVAL 12 WEEK
ORDER BY t.period_start
