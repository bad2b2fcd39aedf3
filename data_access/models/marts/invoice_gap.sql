-- doc: What was delivered and not invoiced, by order: its value, and the day the deliveries passed what had been invoiced.
-- grain: one row per booked order with such a gap
WITH running AS (
    SELECT s.order_id, s.effective_date, sum(sum(s.revenue_base)) OVER (PARTITION BY s.order_id ORDER BY s.effective_date) AS delivered_base
    FROM core.shipment s
    JOIN marts.order_step o ON o.order_id = s.order_id AND o.invoiced_share IS NOT NULL
    GROUP BY s.order_id, s.effective_date
)
SELECT o.order_id, money((1 - o.invoiced_share) * CAST(o.delivered_base AS DOUBLE)) AS uninvoiced_base, min(r.effective_date) AS since
FROM marts.order_step o
JOIN running r ON r.order_id = o.order_id
    AND CAST(r.delivered_base AS DOUBLE) > (o.invoiced_share + 0.01) * CAST(o.delivered_base AS DOUBLE)
GROUP BY o.order_id, o.invoiced_share, o.delivered_base
