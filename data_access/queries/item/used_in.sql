-- doc: Which products one product goes into, at every level up.
-- grain: one row per product above it, the nearest first
WITH RECURSIVE line AS (
    SELECT b.product_id, b.component_id, CAST(b.quantity_per AS DOUBLE) / (1 - CAST(coalesce(b.scrap_rate, 0) AS DOUBLE)) AS per
    FROM core.bom_line b CROSS JOIN core.company c
    WHERE b.quantity_per > 0 AND coalesce(b.scrap_rate, 0) < 1 AND coalesce(b.valid_from, c.today) <= c.today AND coalesce(b.valid_to, c.today) >= c.today
),
up AS (
    SELECT product_id, per, 1 AS level, [CAST($item AS VARCHAR), product_id] AS path FROM line WHERE component_id = $item
    UNION ALL
    SELECT l.product_id, u.per * l.per, u.level + 1, list_append(u.path, l.product_id)
    FROM up u JOIN line l ON l.component_id = u.product_id
    WHERE u.level < 12 AND NOT list_contains(u.path, l.product_id)
)
SELECT u.product_id, p.sku, p.name, CAST(min(u.level) AS INTEGER) AS level, sum(u.per) AS per_unit, any_value(i.weekly_quantity) AS weekly_quantity, any_value(i.at_risk) AS at_risk
FROM up u
JOIN core.product p ON p.product_id = u.product_id
LEFT JOIN marts.item i ON i.product_id = u.product_id
GROUP BY u.product_id, p.sku, p.name
ORDER BY level, weekly_quantity DESC NULLS LAST, u.product_id
