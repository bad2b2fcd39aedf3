-- doc: What one product is made of, level by level as of today, with what is on hand of each part, how many of the product that alone would make, and when more comes. A loop ends where it closes.
-- grain: one row per part and place in the tree, in the order of the tree
WITH RECURSIVE line AS (
    SELECT b.product_id, b.component_id, CAST(b.quantity_per AS DOUBLE) / (1 - CAST(coalesce(b.scrap_rate, 0) AS DOUBLE)) AS per
    FROM core.bom_line b CROSS JOIN core.company c
    WHERE b.quantity_per > 0 AND coalesce(b.scrap_rate, 0) < 1 AND coalesce(b.valid_from, c.today) <= c.today AND coalesce(b.valid_to, c.today) >= c.today
),
tree AS (
    SELECT component_id AS product_id, per, 1 AS level, [CAST($item AS VARCHAR), component_id] AS path, component_id AS place FROM line WHERE product_id = $item
    UNION ALL
    SELECT l.component_id, t.per * l.per, t.level + 1, list_append(t.path, l.component_id), t.place || chr(1) || l.component_id
    FROM tree t JOIN line l ON l.product_id = t.product_id
    WHERE t.level < 12 AND NOT list_contains(t.path, l.component_id)
),
stock AS (SELECT product_id, CAST(sum(quantity) AS DOUBLE) AS on_hand FROM core.stock_on_hand GROUP BY product_id),
coming AS (
    SELECT product_id, min(expected_date) AS next_receipt_date, arg_min(CAST(quantity AS DOUBLE), expected_date) AS next_receipt_quantity
    FROM marts.receipt WHERE NOT is_overdue AND expected_date IS NOT NULL GROUP BY product_id
)
SELECT t.product_id, p.sku, p.name, p.supply, CAST(t.level AS INTEGER) AS level, t.per AS per_unit, coalesce(s.on_hand, 0) AS on_hand,
       floor(greatest(coalesce(s.on_hand, 0), 0) / t.per) AS makes, r.next_receipt_date, r.next_receipt_quantity,
       EXISTS (FROM line l WHERE l.product_id = t.product_id) AS has_parts
FROM tree t
JOIN core.product p ON p.product_id = t.product_id
LEFT JOIN stock s ON s.product_id = t.product_id
LEFT JOIN coming r ON r.product_id = t.product_id
ORDER BY t.place
