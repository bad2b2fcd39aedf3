-- doc: How much of the expected demand the work centres can make: expected demand x the largest factor that keeps every one at or under 100 % of its hours in that week. No rows without work centres.
-- grain: one row per ISO week of the plan
WITH load AS (
    SELECT period_start, max(CASE WHEN available_hours > 0 THEN required_hours / available_hours WHEN required_hours > 0 THEN 1e9 END) AS utilisation,
           arg_max(work_center_id, CASE WHEN available_hours > 0 THEN required_hours / available_hours WHEN required_hours > 0 THEN 1e9 END) AS work_center_id
    FROM plan.capacity_load
    GROUP BY period_start
)
SELECT l.period_start AS week_start, l.work_center_id, l.utilisation,
       CASE WHEN l.utilisation > 0 THEN t.mean / l.utilisation END AS capacity_base
FROM load l
JOIN plan.demand_total t ON t.period_start = l.period_start AND t.mean IS NOT NULL
