-- doc: Customers who buy a quarter less than in the same 13 weeks of last year, and a quarter per cent of all revenue with it.
-- grain: one row per falling customer
WITH quarter AS (
    SELECT s.customer_id, coalesce(sum(s.revenue_base) FILTER (WHERE s.effective_date > c.today - 91), 0) AS revenue_now,
           coalesce(sum(s.revenue_base) FILTER (WHERE s.effective_date <= c.today - 364), 0) AS revenue_before
    FROM core.shipment s CROSS JOIN core.company c
    WHERE (s.effective_date > c.today - 91 AND s.effective_date <= c.today)
        OR (s.effective_date > c.today - 455 AND s.effective_date <= c.today - 364)
    GROUP BY s.customer_id
)
SELECT q.customer_id, money(q.revenue_now) AS revenue_now, money(q.revenue_before) AS revenue_before,
       CAST(q.revenue_now - q.revenue_before AS DOUBLE) / CAST(q.revenue_before AS DOUBLE) AS change
FROM quarter q CROSS JOIN marts.span s
WHERE q.customer_id IS NOT NULL AND s.first_shipment_date <= s.today - 454 AND q.revenue_before > 0
    AND q.revenue_now < 0.75 * q.revenue_before
    AND q.revenue_before - q.revenue_now >= 0.0025 * (SELECT sum(revenue_now) FROM quarter)
