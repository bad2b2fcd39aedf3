-- doc: What is on hand of some products, below zero included.
-- grain: one row per product and warehouse
SELECT product_id, warehouse_id, quantity
FROM core.stock_on_hand
WHERE list_contains($products, product_id)
ORDER BY product_id, warehouse_id
