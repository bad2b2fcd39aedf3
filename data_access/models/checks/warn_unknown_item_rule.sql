-- doc: Planning rules for SKUs that no product has; they change nothing.
-- grain: one row per SKU
-- severity: low
-- title_zh: 没有对应物料的编码计划规则；不起作用。
-- table: core.item_rule
SELECT sku FROM core.item_rule WHERE product_id IS NULL
