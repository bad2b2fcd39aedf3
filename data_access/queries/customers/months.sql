-- doc: What each customer was shipped in each of the last 24 months, counted back from today, so that the last one is a whole month too.
-- grain: one row per customer that was shipped something in them
WITH shipped AS (
    SELECT s.customer_id, datesub('month', s.day, c.today) AS months_ago, CAST(sum(s.revenue_base) AS DOUBLE) AS revenue
    FROM marts.sale s
    JOIN core.company c ON s.day > c.today - INTERVAL 2 YEAR AND s.day <= c.today
    WHERE s.event = 'shipped' AND s.customer_id IS NOT NULL
    GROUP BY s.customer_id, months_ago
)
SELECT k.customer_id, list(coalesce(s.revenue, 0) ORDER BY n DESC) AS series
FROM (SELECT DISTINCT customer_id FROM shipped) k
CROSS JOIN range(24) m(n)
LEFT JOIN shipped s ON s.customer_id = k.customer_id AND s.months_ago = n
GROUP BY k.customer_id
