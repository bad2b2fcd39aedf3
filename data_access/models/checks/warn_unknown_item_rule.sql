-- doc: Planning rules for SKUs that no product has; they change nothing.
-- grain: one row per SKU
-- severity: warn
SELECT sku FROM core.item_rule WHERE product_id IS NULL
