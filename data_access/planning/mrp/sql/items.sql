-- doc: What is planned: everything that is made, bought or held, with its stock of all warehouses, rules and value of one unit. A planner's rule goes before the ERP's; safety stock comes from where the company says, and where that has none from the other; what is no longer sold keeps none.
-- grain: one row per product that is no service
WITH stock AS (
    SELECT product_id, sum(quantity) AS on_hand FROM core.stock_on_hand GROUP BY product_id
),
known AS (
    SELECT p.product_id, CASE WHEN p.is_active THEN p.safety_stock END AS erp,
           CASE WHEN p.is_active THEN ceil(CASE c.safety_stock WHEN 'textbook' THEN e.textbook ELSE e.measured END) END AS measured, c.safety_stock AS wanted
    FROM core.product p
    CROSS JOIN core.plan_rule c
    LEFT JOIN plan.item_protection e ON e.product_id = p.product_id
),
safety AS (
    SELECT k.*, k.erp IS NOT NULL AND (k.measured IS NULL OR k.wanted = 'erp' AND r.service_level IS NULL) AS from_erp
    FROM known k LEFT JOIN core.item_rule r ON r.product_id = k.product_id
)
SELECT p.product_id, p.sku, p.is_phantom, coalesce(p.supply = 'make', FALSE) AS is_made, CAST(coalesce(s.on_hand, 0) AS DOUBLE) AS on_hand,
       CAST(greatest(coalesce(r.safety_stock, CASE WHEN f.from_erp THEN f.erp ELSE f.measured END, 0), 0) AS DOUBLE) AS safety_stock,
       CASE WHEN r.safety_stock IS NOT NULL THEN 'set' WHEN f.from_erp THEN 'erp' WHEN f.measured IS NULL THEN 'none'
            WHEN f.wanted = 'textbook' THEN 'textbook' ELSE 'measured' END AS safety_from,
       l.lead_time_days, l.lead_time_from,
       CAST(greatest(coalesce(r.min_order_qty, p.min_order_qty, 0), 0) AS DOUBLE) AS min_order_qty,
       CAST(greatest(coalesce(r.order_multiple, p.order_multiple, 0), 0) AS DOUBLE) AS order_multiple, CAST(coalesce(r.cover_weeks, 1) AS BIGINT) AS cover_weeks,
       CAST(coalesce(p.unit_cost, 0) AS DOUBLE) AS unit_cost, CAST(coalesce(x.net_price, 0) AS DOUBLE) AS net_price
FROM core.product p
JOIN marts.lead_time l ON l.product_id = p.product_id
JOIN safety f ON f.product_id = p.product_id
LEFT JOIN stock s ON s.product_id = p.product_id
LEFT JOIN core.item_rule r ON r.product_id = p.product_id
LEFT JOIN marts.item_price x ON x.product_id = p.product_id
WHERE p.supply IS DISTINCT FROM 'none' OR s.product_id IS NOT NULL
ORDER BY p.product_id
