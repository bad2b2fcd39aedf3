-- doc: Sales and stock over twelve months: what was booked in the 13 weeks up to each point, and the stock of that day at today's unit cost.
-- grain: one row per monthly point, the last one today
SELECT day, sum(booked_base) AS booked, sum(stock_base) AS stock_cost
FROM marts.month_point
WHERE $category IS NULL OR list_contains($category, category)
GROUP BY day
HAVING sum(booked_base) > 0 AND sum(stock_base) > 0
ORDER BY day
