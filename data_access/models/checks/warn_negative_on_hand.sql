-- doc: More went out of a warehouse than ever came in.
-- grain: one row per product and warehouse
-- severity: warn
SELECT product_id, warehouse_id, quantity, value_base FROM core.stock_on_hand WHERE quantity < 0
