-- doc: Recency, frequency and money of orders, now and 91 days ago. r by days since the last order (30, 91, 182, 365); f (orders) and m (booked) of the 24 months before, each in fifths among all who ordered in them, 0 for the others; together they name one of nine segments.
-- grain: one row per customer that had ordered by then, and point (0 or 91 days ago)
WITH point AS (
    SELECT p.days_ago, c.today - p.days_ago AS day FROM core.company c CROSS JOIN (VALUES (0), (91)) p(days_ago)
),
bought AS (
    SELECT o.customer_id, p.days_ago, p.day, min(o.day) FILTER (WHERE o.orders > 0) AS first_day,
           max(o.day) FILTER (WHERE o.orders > 0) AS last_day,
           coalesce(sum(o.orders) FILTER (WHERE o.day > p.day - INTERVAL 2 YEAR), 0) AS orders,
           coalesce(sum(o.booked_base) FILTER (WHERE o.day > p.day - INTERVAL 2 YEAR), 0) AS booked_base
    FROM marts.customer_order_day o
    JOIN point p ON o.day <= p.day
    GROUP BY o.customer_id, p.days_ago, p.day
    HAVING last_day IS NOT NULL
),
ranked AS (
    SELECT *, day - last_day AS recency_days,
           percent_rank() OVER (PARTITION BY days_ago, orders > 0 ORDER BY orders) AS f_rank,
           percent_rank() OVER (PARTITION BY days_ago, orders > 0 ORDER BY booked_base) AS m_rank
    FROM bought
),
scored AS (
    SELECT customer_id, days_ago, recency_days, day - first_day <= 91 AS is_new,
           CASE WHEN recency_days <= 30 THEN 5 WHEN recency_days <= 91 THEN 4 WHEN recency_days <= 182 THEN 3
                WHEN recency_days <= 365 THEN 2 ELSE 1 END AS r,
           CASE WHEN orders = 0 THEN 0 ELSE least(5, 1 + CAST(floor(5 * f_rank) AS INTEGER)) END AS f,
           CASE WHEN orders = 0 THEN 0 ELSE least(5, 1 + CAST(floor(5 * m_rank) AS INTEGER)) END AS m
    FROM ranked
)
SELECT customer_id, days_ago, recency_days, r, f, m,
       CASE WHEN r < 3 THEN CASE WHEN f + m >= 8 THEN 'do_not_lose' WHEN f + m >= 5 THEN 'asleep' ELSE 'lost' END
            WHEN r = 3 THEN CASE WHEN f + m >= 6 THEN 'slipping' ELSE 'occasional' END
            WHEN is_new THEN 'new'
            WHEN f + m >= 9 THEN 'best' WHEN f + m >= 6 THEN 'loyal' ELSE 'promising' END AS rfm
FROM scored
