-- doc: Stock by the age of the goods, at cost, and how fast its items leave: moving, slow (over 180 days' worth), dead (nothing left in 180 days).
-- grain: one row per age and pace
SELECT a.age_no, a.age, t.pace, sum(a.value_base) AS stock_cost, count(DISTINCT a.product_id) AS items
FROM marts.stock_age a
JOIN marts.item_pace t ON t.product_id = a.product_id
JOIN core.product p ON p.product_id = a.product_id
JOIN core.warehouse w ON w.warehouse_id = a.warehouse_id
WHERE ($category IS NULL OR list_contains($category, coalesce(p.category, '–'))) AND ($warehouse IS NULL OR list_contains($warehouse, w.code))
GROUP BY a.age_no, a.age, t.pace
ORDER BY a.age_no, list_position(['moving', 'slow', 'dead'], t.pace)
