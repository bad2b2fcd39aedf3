-- doc: Items with demand but neither sales nor a list price: their money at risk shows as nothing.
-- grain: one row per product
-- severity: warn
SELECT product_id, sku, name FROM marts.item WHERE price_from = 'none' AND weekly_quantity > 0
