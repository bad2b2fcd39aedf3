-- doc: What products that are made are made of today, how much of each part the plan leaves over and from when on (the least that it will be after that), and the days until newly ordered ones are there.
-- grain: one row per product asked for, part, and week from which on more of the part is left over; week_start NULL where none ever is
-- lookups: plan.mps, plan.item_parameter
WITH line AS (
    SELECT b.product_id, b.component_id, sum(CAST(b.quantity_per AS DOUBLE) / (1 - CAST(b.scrap_rate AS DOUBLE))) AS per_unit
    FROM core.bom_line b
    JOIN core.product p ON p.product_id = b.product_id AND p.supply = 'make'
    CROSS JOIN core.company c
    WHERE b.product_id IN (SELECT unnest(CAST($products AS VARCHAR[]))) AND b.quantity_per > 0 AND b.scrap_rate >= 0 AND b.scrap_rate < 1
      AND coalesce(b.valid_from <= c.today, TRUE) AND coalesce(b.valid_to >= c.today, TRUE)
    GROUP BY b.product_id, b.component_id
),
ahead AS (
    SELECT m.product_id, m.period_start, greatest(min(m.unexpedited) OVER (PARTITION BY m.product_id ORDER BY m.period_start ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING), 0) AS free
    FROM plan.mps m
    WHERE m.product_id IN (SELECT component_id FROM line)
),
step AS (
    SELECT product_id, period_start, free FROM ahead
    QUALIFY free > coalesce(lag(free) OVER (PARTITION BY product_id ORDER BY period_start), 0)
)
SELECT l.product_id, l.component_id, coalesce(p.sku, p.name) AS name, l.per_unit, q.cumulative_lead_time_days AS days, s.period_start AS week_start, s.free
FROM line l
JOIN plan.item_parameter q ON q.product_id = l.component_id
JOIN core.product p ON p.product_id = l.component_id
LEFT JOIN step s ON s.product_id = l.component_id
ORDER BY l.product_id, l.component_id, s.period_start
