-- doc: Sparklines: booked of 7 days, margin of 28, on time and survey score of 30, the standing amounts as they stood. Points before the data begins are left out.
-- grain: one row per metric and weekly point
WITH point AS (SELECT d.day, d.point, s.first_order_date, s.first_shipment_date FROM marts.kpi_day d CROSS JOIN marts.span s WHERE s.days_of_orders >= 14),
sales AS (
    SELECT p.point, 'booked' AS metric, CAST(coalesce(sum(s.booked_base), 0) AS DOUBLE) AS value
    FROM point p LEFT JOIN marts.sales_day s ON s.day > p.day - 7 AND s.day <= p.day
    WHERE p.day >= p.first_order_date + 6 GROUP BY p.point
),
margin AS (
    SELECT p.point, 'gross_margin' AS metric,
           CAST(sum(s.costed_revenue_base) - coalesce(sum(s.cost_base), 0) AS DOUBLE) / nullif(CAST(sum(s.costed_revenue_base) AS DOUBLE), 0) AS value
    FROM point p JOIN marts.sales_day s ON s.day > p.day - 28 AND s.day <= p.day GROUP BY p.point
),
delivery AS (
    SELECT p.point, 'on_time' AS metric, sum(d.lines_on_time) / nullif(sum(d.lines_due), 0) AS value
    FROM point p JOIN marts.delivery_day d ON d.day BETWEEN p.day - 30 AND p.day - 1 GROUP BY p.point
),
service AS (
    SELECT p.point, 'csat' AS metric, sum(s.score) / nullif(sum(s.replies), 0) AS value
    FROM point p JOIN marts.service_day s ON s.day BETWEEN p.day - 29 AND p.day GROUP BY p.point
)
SELECT metric, point, value FROM sales
UNION ALL SELECT metric, point, value FROM margin WHERE value IS NOT NULL
UNION ALL SELECT metric, point, value FROM delivery WHERE value IS NOT NULL
UNION ALL SELECT metric, point, value FROM service WHERE value IS NOT NULL
UNION ALL SELECT 'inventory_value', s.point, CAST(s.value_base AS DOUBLE) FROM marts.stock_point s JOIN point p ON p.point = s.point
UNION ALL SELECT 'pipeline_weighted', s.point, CAST(s.weighted_base AS DOUBLE) FROM marts.pipeline_point s JOIN point p ON p.point = s.point
UNION ALL SELECT 'ar_overdue', s.point, CAST(s.overdue_base AS DOUBLE) FROM marts.receivable_point s JOIN point p ON p.point = s.point
