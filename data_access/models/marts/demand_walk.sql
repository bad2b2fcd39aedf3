-- doc: Expected demand ahead, day 0 = start of today: what is left of this week, then 26 forecast weeks, then the mean of the last 13 of them up to two years.
-- grain: one row per product and week ahead
-- materialize: view
WITH item AS (
    SELECT product_id FROM plan.demand_forecast
    UNION
    SELECT product_id FROM core.stock_on_hand
),
week AS (
    SELECT CAST(n AS INTEGER) AS week_no, CAST(date_trunc('week', c.today) AS DATE) + CAST(7 * n AS INTEGER) AS week_start,
           CASE WHEN n = 0 THEN 0 ELSE 7 * n - (isodow(c.today) - 1) END AS from_day,
           7 * (n + 1) - (isodow(c.today) - 1) AS to_day
    FROM core.company c CROSS JOIN range(105) w(n)
),
tail AS (
    SELECT product_id, avg(mean) AS mean
    FROM (SELECT product_id, mean, row_number() OVER (PARTITION BY product_id ORDER BY period_start DESC) AS from_end
          FROM plan.demand_forecast)
    WHERE from_end <= 13
    GROUP BY product_id
),
deal AS (
    SELECT product_id, close_week, sum(weighted_quantity) AS quantity FROM marts.deal_demand GROUP BY product_id, close_week
)
SELECT i.product_id, w.week_no, w.week_start, w.from_day, w.to_day,
       coalesce(f.mean, t.mean, 0) * (w.to_day - w.from_day) / 7 AS quantity, coalesce(d.quantity, 0) AS deal_quantity
FROM item i
CROSS JOIN week w
LEFT JOIN plan.demand_forecast f ON f.product_id = i.product_id AND f.period_start = w.week_start
LEFT JOIN tail t ON t.product_id = i.product_id
LEFT JOIN deal d ON d.product_id = i.product_id AND d.close_week = w.week_start
