-- doc: What another warehouse could send where a product lasts under 2.5 weeks: enough for four weeks, of what the sender does not need in eight. The pair that moves most money.
-- grain: one row per product, at most
WITH pair AS (
    SELECT t.product_id, f.warehouse_id AS from_warehouse_id, t.warehouse_id AS to_warehouse_id, t.cover_weeks,
           CAST(floor(round(least(t.short_quantity, f.spare_quantity), 6)) AS DECIMAL(18,6)) AS quantity
    FROM marts.item_warehouse t
    JOIN marts.item_warehouse f ON f.product_id = t.product_id AND f.warehouse_id <> t.warehouse_id
    WHERE t.cover_weeks < 2.5 AND t.short_quantity > 0 AND f.spare_quantity >= 1
)
SELECT p.product_id, p.from_warehouse_id, p.to_warehouse_id, p.cover_weeks, p.quantity, money(extend(p.quantity, i.net_price, c.digits)) AS value
FROM pair p
JOIN marts.item i ON i.product_id = p.product_id
CROSS JOIN core.company c
WHERE p.quantity >= 1
QUALIFY row_number() OVER (PARTITION BY p.product_id ORDER BY p.quantity DESC, p.to_warehouse_id, p.from_warehouse_id) = 1
