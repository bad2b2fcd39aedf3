-- doc: What expected demand takes out of stock, at unit cost: the same weeks ahead as the walk of each item.
-- grain: one row per product category and week ahead
SELECT coalesce(p.category, '–') AS category, w.week_no, w.from_day, w.to_day, sum(w.quantity * CAST(p.unit_cost AS DOUBLE)) AS cost
FROM marts.demand_walk w
JOIN core.product p ON p.product_id = w.product_id
GROUP BY ALL
