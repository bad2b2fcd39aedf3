-- doc: What to do next, by the money it protects or frees.
-- grain: one row per suggestion
SELECT kind, product_id, sku, name, category, money, quantity, day, count, customer, from_warehouse, to_warehouse, taker,
       row_number() OVER (PARTITION BY kind IN ('expedite', 'order'), kind = 'transfer' ORDER BY money DESC, product_id) AS place
FROM marts.suggestion
WHERE ($category IS NULL OR list_contains($category, category)) AND money > 0
ORDER BY money DESC, kind, product_id
