-- doc: When customers order, and each one's own rhythm: the median gap between its order days of the last two years, known from three order days on. It is late when eight of ten gaps were shorter, and a week past its due day.
-- grain: one row per customer that ever ordered
WITH gap AS (
    SELECT o.customer_id, o.day, o.orders, o.day - lag(o.day) OVER (PARTITION BY o.customer_id ORDER BY o.day) AS days
    FROM marts.customer_order_day o
    WHERE o.orders > 0
),
counted AS (
    SELECT g.customer_id, min(g.day) AS first_order_date, max(g.day) AS last_order_date, CAST(sum(g.orders) AS BIGINT) AS orders,
           CAST(coalesce(sum(g.orders) FILTER (WHERE g.day > c.today - INTERVAL 1 YEAR), 0) AS BIGINT) AS orders_12m,
           count(g.days) FILTER (WHERE g.day > c.today - INTERVAL 2 YEAR) AS gaps,
           quantile_disc(g.days, 0.5) FILTER (WHERE g.day > c.today - INTERVAL 2 YEAR) AS median_days,
           quantile_disc(g.days, 0.8) FILTER (WHERE g.day > c.today - INTERVAL 2 YEAR) AS late_days
    FROM gap g CROSS JOIN core.company c
    GROUP BY g.customer_id
)
SELECT customer_id, first_order_date, last_order_date, orders, orders_12m,
       CASE WHEN gaps >= 2 THEN median_days END AS rhythm_days,
       CASE WHEN gaps >= 2 THEN greatest(late_days, median_days + 7) END AS late_after_days,
       CASE WHEN gaps >= 2 THEN last_order_date + CAST(median_days AS INTEGER) END AS due_date
FROM counted
