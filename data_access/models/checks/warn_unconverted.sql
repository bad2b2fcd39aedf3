-- doc: Order lines without a base amount: no currency, or no rate on the order's day. Their money is left out of every sum.
-- grain: one row per sales order line
-- severity: high
-- title_zh: 没有本位币金额的订单行：无币种或无当日汇率；不计入任何合计。
-- table: core.sales_order_line
-- where: status IN ('open', 'shipped', 'done')
SELECT source, order_no, line_id, currency, order_date, amount
FROM core.sales_order_line
WHERE amount_base IS NULL AND status IN ('open', 'shipped', 'done')
