-- doc: How long a category's stock lasts in each warehouse: the mean of its items' covers there, weighted by what they sell there.
-- grain: one row per product category and warehouse
SELECT i.category, w.code AS warehouse, w.name AS warehouse_name, sum(x.value_base) AS stock_cost, sum(x.weekly_sales) AS weekly_sales,
       sum(x.cover_weeks * CAST(x.weekly_sales AS DOUBLE)) / nullif(CAST(sum(x.weekly_sales) FILTER (WHERE x.cover_weeks IS NOT NULL) AS DOUBLE), 0) AS cover_weeks,
       count(*) FILTER (WHERE x.cover_weeks < 2.5) AS short_items, count(*) AS items
FROM marts.item_warehouse x
JOIN marts.item i ON i.product_id = x.product_id
JOIN core.warehouse w ON w.warehouse_id = x.warehouse_id
WHERE ($category IS NULL OR list_contains($category, i.category)) AND ($warehouse IS NULL OR list_contains($warehouse, w.code))
GROUP BY i.category, w.code, w.name
ORDER BY sum(sum(x.weekly_sales)) OVER (PARTITION BY i.category) DESC, i.category, sum(sum(x.weekly_sales)) OVER (PARTITION BY w.code) DESC, w.code
