-- doc: What is planned: everything that is made, bought or held, with its stock of all warehouses, rules and value of one unit. Lead time of what is made: the median days from start to finish of at least five orders of the last 52 weeks, since parts are planned for themselves; else the product's own, else the median of its kind.
-- grain: one row per product that is no service
WITH stock AS (
    SELECT product_id, sum(quantity) AS on_hand FROM core.stock_on_hand GROUP BY product_id
),
made AS (
    SELECT o.product_id, median(o.finished_date - o.start_date) AS days
    FROM core.production_order o CROSS JOIN core.company c
    WHERE o.status = 'done' AND o.finished_date >= o.start_date AND o.finished_date > c.today - 364 AND o.finished_date <= c.today
    GROUP BY o.product_id
    HAVING count(*) >= 5
),
usual AS (
    SELECT supply, median(lead_time_days) AS days FROM core.product WHERE lead_time_days >= 0 GROUP BY supply
)
SELECT p.product_id, p.sku, coalesce(p.supply = 'make', FALSE) AS is_made, CAST(coalesce(s.on_hand, 0) AS DOUBLE) AS on_hand,
       CAST(greatest(coalesce(p.safety_stock, 0), 0) AS DOUBLE) AS safety_stock,
       CAST(ceil(coalesce(m.days, CASE WHEN p.lead_time_days >= 0 THEN p.lead_time_days END, u.days, 0)) AS BIGINT) AS lead_time_days,
       CASE WHEN m.days IS NOT NULL THEN 'measured' WHEN p.lead_time_days >= 0 THEN 'product' ELSE 'assumed' END AS lead_time_from,
       CAST(greatest(coalesce(p.min_order_qty, 0), 0) AS DOUBLE) AS min_order_qty,
       CAST(greatest(coalesce(p.order_multiple, 0), 0) AS DOUBLE) AS order_multiple,
       CAST(coalesce(p.unit_cost, 0) AS DOUBLE) AS unit_cost, CAST(coalesce(x.net_price, 0) AS DOUBLE) AS net_price
FROM core.product p
LEFT JOIN stock s ON s.product_id = p.product_id
LEFT JOIN made m ON m.product_id = p.product_id AND p.supply = 'make'
LEFT JOIN usual u ON u.supply IS NOT DISTINCT FROM p.supply
LEFT JOIN marts.item_price x ON x.product_id = p.product_id
WHERE p.supply IS DISTINCT FROM 'none' OR s.product_id IS NOT NULL
ORDER BY p.product_id
