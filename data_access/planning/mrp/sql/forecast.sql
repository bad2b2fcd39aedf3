-- doc: Expected demand ahead by week; of the current week what is left of it.
-- grain: one row per product and week with expected demand
SELECT product_id, week_no, CAST(greatest(quantity, 0) AS DOUBLE) AS quantity
FROM marts.demand_walk
WHERE week_no < $weeks AND quantity > 0
ORDER BY ALL
