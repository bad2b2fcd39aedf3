-- doc: The six customers with most revenue this month, against the same days of the month last year.
-- grain: one row per customer, six at most
-- lookups: core.customer
WITH known AS (
    SELECT date_trunc('month', today) AS month_start, first_shipment_date <= date_trunc('month', today) - INTERVAL 1 YEAR AS has_last_year
    FROM marts.span
),
total AS (
    SELECT sum(m.revenue_base) AS revenue FROM marts.customer_month m JOIN known k ON m.month_start = k.month_start
),
ranked AS (
    SELECT m.customer_id, m.revenue_base AS revenue, coalesce(k.has_last_year, FALSE) AS has_last_year, k.month_start
    FROM marts.customer_month m
    JOIN known k ON m.month_start = k.month_start
    WHERE m.revenue_base > 0 AND m.customer_id IS NOT NULL
    ORDER BY m.revenue_base DESC, m.customer_id
    LIMIT 6
)
SELECT r.customer_id, c.name, r.revenue,
       CASE WHEN r.has_last_year THEN coalesce(b.revenue_same_days, 0) END AS revenue_last_year,
       CASE WHEN r.has_last_year AND b.revenue_same_days > 0
            THEN CAST(r.revenue AS DOUBLE) / CAST(b.revenue_same_days AS DOUBLE) - 1 END AS change,
       CAST(r.revenue AS DOUBLE) / CAST(t.revenue AS DOUBLE) AS share, t.revenue AS total_revenue
FROM ranked r
CROSS JOIN total t
LEFT JOIN core.customer c ON c.customer_id = r.customer_id
LEFT JOIN marts.customer_month b ON b.customer_id = r.customer_id AND b.month_start = r.month_start - INTERVAL 1 YEAR
ORDER BY r.revenue DESC, r.customer_id
