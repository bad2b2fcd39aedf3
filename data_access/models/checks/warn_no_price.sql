-- doc: Items with demand but neither sales nor a list price: their money at risk shows as nothing.
-- grain: one row per product
-- severity: medium
-- title_zh: 有需求但既无销售也无标价的物料：其风险金额显示为零。
-- table: marts.item
-- where: weekly_quantity > 0
SELECT product_id, sku, name FROM marts.item WHERE price_from = 'none' AND weekly_quantity > 0
