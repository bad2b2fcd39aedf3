-- doc: How long a new order of an item takes. What a planner has set; for what is made the median days from start to finish of at least five orders finished in the 52 full weeks before this one, since parts are planned for themselves; else the product's own; else the median of its kind. deviation_days: of the measured ones.
-- grain: one row per product
WITH made AS (
    SELECT o.product_id, median(o.finished_date - o.start_date) AS days, stddev_pop(o.finished_date - o.start_date) AS deviation
    FROM core.production_order o CROSS JOIN core.company c
    WHERE o.status = 'done' AND o.finished_date >= o.start_date
      AND o.finished_date >= date_trunc('week', c.today) - INTERVAL 364 DAY AND o.finished_date < date_trunc('week', c.today)
    GROUP BY o.product_id
    HAVING count(*) >= 5
),
usual AS (
    SELECT supply, median(lead_time_days) AS days FROM core.product WHERE lead_time_days >= 0 GROUP BY supply
)
SELECT p.product_id,
       CAST(ceil(coalesce(r.lead_time_days, m.days, CASE WHEN p.lead_time_days >= 0 THEN p.lead_time_days END, u.days, 0)) AS BIGINT) AS lead_time_days,
       CASE WHEN r.lead_time_days IS NOT NULL THEN 'set' WHEN m.days IS NOT NULL THEN 'measured' WHEN p.lead_time_days >= 0 THEN 'product' ELSE 'assumed' END AS lead_time_from,
       CASE WHEN r.lead_time_days IS NULL THEN coalesce(m.deviation, 0) ELSE 0 END AS deviation_days
FROM core.product p
LEFT JOIN core.item_rule r ON r.product_id = p.product_id
LEFT JOIN made m ON m.product_id = p.product_id AND p.supply = 'make'
LEFT JOIN usual u ON u.supply IS NOT DISTINCT FROM p.supply
