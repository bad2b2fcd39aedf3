-- doc: Demand by month: value asked for in weeks that are over, by the day it is wanted, lines without a product included; and what is expected of the weeks ahead, shared out by days.
-- grain: one row per month
WITH past AS (
    SELECT CAST(date_trunc('month', coalesce(l.requested_date, l.order_date)) AS DATE) AS month, sum(l.amount_base) AS asked
    FROM core.sales_order_line l
    JOIN core.company c ON coalesce(l.requested_date, l.order_date) < date_trunc('week', c.today)
    WHERE l.status IN ('open', 'shipped', 'done')
    GROUP BY month
),
ahead AS (
    SELECT CAST(date_trunc('month', t.period_start + CAST(n AS INTEGER)) AS DATE) AS month, sum(t.mean / 7) AS expected
    FROM plan.demand_total t CROSS JOIN range(7) d(n)
    WHERE t.mean IS NOT NULL
    GROUP BY month
)
SELECT coalesce(p.month, a.month) AS month, CAST(p.asked AS DOUBLE) AS asked, a.expected
FROM past p
FULL JOIN ahead a ON a.month = p.month
