-- doc: Stock at today's unit cost on the 14 weekly points; negative stock counts as it stands.
-- grain: one row per weekly point
SELECT day, point, money(sum(value_base)) AS value_base FROM marts.stock_category_point GROUP BY day, point
