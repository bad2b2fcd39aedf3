-- doc: What the customer booked in each of the last 104 weeks, the current one last, returns netted.
-- grain: one row per ISO week
WITH week AS (
    SELECT CAST(date_trunc('week', c.today) AS DATE) - CAST(7 * n AS INTEGER) AS week_start, c.today
    FROM core.company c CROSS JOIN range(104) r(n)
)
SELECT w.week_start, coalesce(sum(s.booked_base), 0) AS booked,
       count(DISTINCT s.order_id) FILTER (WHERE s.quantity > 0) AS orders
FROM week w
LEFT JOIN marts.sale s ON s.event = 'booked' AND s.customer_id = $customer AND s.day >= w.week_start AND s.day < w.week_start + 7
    AND s.day <= w.today
GROUP BY w.week_start
ORDER BY w.week_start
