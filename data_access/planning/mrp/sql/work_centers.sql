-- doc: Where work is done, and its hours on a working day.
-- grain: one row per work centre
SELECT work_center_id, name, CAST(greatest(coalesce(capacity_hours_per_day, 0), 0) AS DOUBLE) AS hours_per_day
FROM core.work_center
ORDER BY work_center_id
