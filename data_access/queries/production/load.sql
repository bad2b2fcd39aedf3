-- doc: Hours needed of the hours there are, by work centre and week: open and planned production orders.
-- grain: one row per work centre and ISO week, ten from the current one
SELECT l.work_center_id, w.name AS work_center, l.period_start AS week_start, l.required_hours, l.available_hours,
       CASE WHEN l.available_hours > 0 THEN l.required_hours / l.available_hours END AS utilisation
FROM plan.capacity_load l
JOIN core.work_center w ON w.work_center_id = l.work_center_id
CROSS JOIN core.company c
WHERE l.period_start < date_trunc('week', c.today) + INTERVAL 10 WEEK
ORDER BY l.work_center_id, l.period_start
