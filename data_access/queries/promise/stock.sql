-- doc: What is on hand of some products, below zero included.
-- grain: one row per product and warehouse
SELECT product_id, warehouse_id, quantity
FROM core.stock_on_hand
WHERE product_id IN (SELECT unnest(CAST($products AS VARCHAR[])))
ORDER BY product_id, warehouse_id
