-- doc: Where work is done, and its hours a day.
-- grain: one row per work centre
SELECT gid(source, work_center_id) AS work_center_id, name, capacity_hours_per_day, source FROM staging.work_center
