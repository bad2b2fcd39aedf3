-- doc: A sales order line occurs twice.
-- grain: one row per duplicated key
-- severity: gate
-- title_zh: 销售订单行重复。
-- table: core.sales_order_line
-- partition: line_id
-- by: core.sales_order_line line_id
SELECT line_id, count(*) AS rows FROM core.sales_order_line GROUP BY line_id HAVING count(*) > 1
