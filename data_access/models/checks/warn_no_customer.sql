-- doc: Order lines whose customer is not known.
-- grain: one row per sales order line
-- severity: high
-- title_zh: 订单行的客户未知。
-- table: core.sales_order_line
-- where: status IN ('open', 'shipped', 'done')
SELECT source, order_no, line_id, order_date, amount_base
FROM core.sales_order_line
WHERE customer_id IS NULL AND status IN ('open', 'shipped', 'done')
