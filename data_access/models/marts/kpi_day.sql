-- doc: The 14 weekly points of a sparkline, the last one today.
-- grain: one row per point
SELECT c.today - CAST(7 * (13 - p.point) AS INTEGER) AS day, CAST(p.point AS INTEGER) AS point, p.point = 13 AS is_today
FROM core.company c CROSS JOIN range(14) p(point)
