-- doc: The small pictures beside the figures: 14 weekly points of sales a week (of 28 days) and stock; what is at risk, deals and short week by week ahead; stock by age.
-- grain: one row per figure
WITH sales AS (
    SELECT d.point, CAST(coalesce(sum(s.booked_base), 0) AS DOUBLE) / 4 AS value
    FROM marts.kpi_day d CROSS JOIN marts.span n
    LEFT JOIN marts.sales_day s ON s.day > d.day - 28 AND s.day <= d.day AND ($category IS NULL OR list_contains($category, s.category))
    WHERE n.days_of_orders >= 14 AND d.day >= n.first_order_date + 27
    GROUP BY d.point
),
stock AS (
    SELECT s.point, CAST(sum(s.value_base) AS DOUBLE) AS value
    FROM marts.stock_category_point s CROSS JOIN marts.span n
    WHERE n.days_of_orders >= 14 AND ($category IS NULL OR list_contains($category, s.category))
    GROUP BY s.point
),
gap AS (
    SELECT week_no, sum(value) AS value FROM marts.risk_week
    WHERE $category IS NULL OR list_contains($category, category)
    GROUP BY week_no
),
ahead AS (
    SELECT w.week_no, sum(n.quantity * n.probability * CAST(i.net_price AS DOUBLE)) FILTER (WHERE n.kind = 'deal') AS deals,
           sum(CAST(n.short AS DOUBLE) * CAST(i.net_price AS DOUBLE)) AS short
    FROM range(8) w(week_no) CROSS JOIN core.company c
    LEFT JOIN marts.need n ON n.is_near AND least((n.day - c.today) // 7, 7) = w.week_no
    LEFT JOIN marts.item i ON i.product_id = n.product_id
    WHERE $category IS NULL OR list_contains($category, i.category)
    GROUP BY w.week_no
),
age AS (
    SELECT a.age_no, CAST(sum(a.value_base) AS DOUBLE) AS value
    FROM marts.stock_age a JOIN core.product p ON p.product_id = a.product_id
    WHERE a.age_no > 0 AND ($category IS NULL OR list_contains($category, coalesce(p.category, '–')))
    GROUP BY a.age_no
)
SELECT metric, list(value ORDER BY place) AS series
FROM (
    SELECT 'sales_week' AS metric, point AS place, value FROM sales
    UNION ALL SELECT 'inventory_value', point, value FROM stock
    UNION ALL SELECT 'at_risk', week_no, value FROM gap
    UNION ALL SELECT 'deals', week_no, coalesce(deals, 0) FROM ahead
    UNION ALL SELECT 'short', week_no, coalesce(short, 0) FROM ahead
    UNION ALL SELECT 'old', age_no, value FROM age
)
GROUP BY metric
