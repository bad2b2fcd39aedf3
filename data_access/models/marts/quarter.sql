-- doc: The fiscal quarter of the published day, and its plan: booked orders, else revenue; only when all three months are planned.
-- grain: one row
WITH day AS (
    SELECT today, CAST(date_trunc('month', today) - to_months((month(today) - fiscal_year_start + 12) % 3) AS DATE) AS first_day FROM core.company
),
span AS (SELECT today, first_day, CAST(first_day + INTERVAL 3 MONTH - INTERVAL 1 DAY AS DATE) AS last_day FROM day),
plan AS (
    SELECT t.metric, sum(t.value) AS value FROM core.target t JOIN span s ON t.period_start BETWEEN s.first_day AND s.last_day
    WHERE t.metric IN ('booked', 'revenue') GROUP BY t.metric HAVING count(*) = 3
)
SELECT s.today, s.first_day, s.last_day, money(arg_min(p.value, p.metric)) AS plan, min(p.metric) AS plan_metric
FROM span s LEFT JOIN plan p ON TRUE
GROUP BY ALL
