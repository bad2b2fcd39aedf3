-- doc: The product a SKU means. Where several carry it: an active one, then the first.
-- grain: one row per SKU
SELECT sku, arg_min(product_id, (NOT is_active, product_id)) AS product_id
FROM core.product
WHERE sku IS NOT NULL
GROUP BY sku
