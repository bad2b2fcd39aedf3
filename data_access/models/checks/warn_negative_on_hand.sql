-- doc: More went out of a warehouse than ever came in.
-- grain: one row per product and warehouse
-- severity: medium
-- title_zh: 仓库出库多于入库。
-- table: core.stock_on_hand
SELECT product_id, warehouse_id, quantity, value_base FROM core.stock_on_hand WHERE quantity < 0
