-- doc: What the customer booked in each of the last 104 weeks, the current one last, returns netted.
-- grain: one row per ISO week
WITH week AS (
    SELECT CAST(date_trunc('week', c.today) AS DATE) - CAST(7 * n AS INTEGER) AS week_start
    FROM core.company c CROSS JOIN range(104) r(n)
),
sold AS (
    SELECT CAST(date_trunc('week', s.day) AS DATE) AS week_start, sum(s.booked_base) AS booked,
           count(DISTINCT s.order_id) FILTER (WHERE s.quantity > 0) AS orders
    FROM marts.sale s CROSS JOIN core.company c
    WHERE s.event = 'booked' AND s.customer_id = $customer AND s.day <= c.today
    GROUP BY ALL
)
SELECT w.week_start, coalesce(s.booked, 0) AS booked, coalesce(s.orders, 0) AS orders
FROM week w
LEFT JOIN sold s ON s.week_start = w.week_start
ORDER BY w.week_start
