-- doc: What was booked in each of the last 14 spans of seven days, oldest first.
-- grain: one row per weekly point
SELECT d.point, coalesce(sum(s.booked_base), 0) AS booked,
       CAST(sum(s.costed_revenue_base) - sum(s.cost_base) AS DOUBLE) / nullif(CAST(sum(s.costed_revenue_base) AS DOUBLE), 0) AS gross_margin
FROM marts.kpi_day d
LEFT JOIN marts.sale s ON s.day > d.day - 7 AND s.day <= d.day
    AND ($region IS NULL OR list_contains($region, s.region))
    AND ($category IS NULL OR list_contains($category, s.category))
    AND ($warehouse IS NULL OR list_contains($warehouse, s.warehouse))
    AND ($owner IS NULL OR list_contains($owner, s.owner))
GROUP BY d.point
ORDER BY d.point
