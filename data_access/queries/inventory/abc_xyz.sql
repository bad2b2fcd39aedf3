-- doc: Items by value (A B C by 52 weeks of sales, N nothing sold) and by steadiness (X Y Z by the variation of weekly demand).
-- grain: one row per pair of classes
SELECT k.abc, k.xyz, count(*) AS items, sum(k.sales) AS sales, coalesce(sum(p.value_base), 0) AS stock_cost
FROM marts.item_class k
JOIN marts.item i ON i.product_id = k.product_id
LEFT JOIN marts.item_pace p ON p.product_id = k.product_id
WHERE $category IS NULL OR list_contains($category, i.category)
GROUP BY k.abc, k.xyz
ORDER BY k.abc, k.xyz
