-- doc: Open deals that no forecast knows of, weighted, in the week they are expected to close: those that want more than two standard deviations of the item's weekly demand of the last 52 weeks. Smaller ones are part of every week.
-- grain: one row per open opportunity and product
WITH spread AS (
    SELECT w.product_id, sqrt(greatest(sum(CAST(w.quantity AS DOUBLE) ** 2) / 52 - (sum(CAST(w.quantity AS DOUBLE)) / 52) ** 2, 0)) AS deviation
    FROM marts.item_week w
    JOIN core.company c ON w.week_start >= date_trunc('week', c.today) - INTERVAL 364 DAY AND w.week_start < date_trunc('week', c.today)
    GROUP BY w.product_id
)
SELECT d.opportunity_id, d.product_id, d.close_week, d.quantity, d.weighted_quantity
FROM marts.deal_demand d
LEFT JOIN spread s ON s.product_id = d.product_id
WHERE d.weighted_quantity > 0 AND d.quantity > 2 * coalesce(s.deviation, 0)
ORDER BY ALL
