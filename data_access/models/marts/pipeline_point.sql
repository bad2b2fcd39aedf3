-- doc: The weighted pipeline on the 14 weekly points.
-- grain: one row per weekly point
SELECT day, point, money(sum(weighted_base)) AS weighted_base FROM marts.deal_point GROUP BY day, point
