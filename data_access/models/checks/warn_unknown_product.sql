-- doc: Order lines whose product is not known; their money counts, their demand does not.
-- grain: one row per sales order line
-- severity: medium
-- title_zh: 订单行的物料未知：金额计入，需求不计入。
-- table: core.sales_order_line
-- where: status IN ('open', 'shipped', 'done')
SELECT source, order_no, line_id, order_date, amount_base
FROM core.sales_order_line
WHERE product_id IS NULL AND status IN ('open', 'shipped', 'done')
