-- doc: What came in and went out a week, at today's unit cost. Over all warehouses transfers do not count; of one they do.
-- grain: one row per ISO week, direction and kind of move
SELECT CAST(date_trunc('week', f.day) AS DATE) AS week_start, CASE WHEN f.quantity > 0 THEN 'in' ELSE 'out' END AS direction, f.kind,
       sum(CAST(abs(f.quantity) AS DOUBLE) * CAST(p.unit_cost AS DOUBLE)) AS moved_cost, count(*) AS moves
FROM marts.stock_flow f
JOIN core.product p ON p.product_id = f.product_id
JOIN core.warehouse w ON w.warehouse_id = f.warehouse_id
WHERE f.day BETWEEN $since AND $until AND f.quantity <> 0 AND ($category IS NULL OR list_contains($category, coalesce(p.category, '–')))
    AND ($warehouse IS NULL AND f.is_outside OR list_contains($warehouse, w.code))
GROUP BY week_start, direction, f.kind
ORDER BY week_start, direction, moved_cost DESC, f.kind
