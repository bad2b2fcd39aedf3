-- doc: A line shipped in full does not carry exactly its base amount as revenue.
-- grain: one row per sales order line
-- severity: gate
-- title_zh: 全部发货的行，收入与本位币金额不一致。
-- table: core.sales_order_line
-- partition: line_id
-- by: core.sales_order_line line_id; core.shipment line_id
SELECT l.line_id, l.amount_base, sum(s.revenue_base) AS revenue_base
FROM core.sales_order_line l
JOIN core.shipment s ON s.line_id = l.line_id
WHERE l.amount_base IS NOT NULL AND l.quantity <> 0
GROUP BY l.line_id, l.amount_base, l.quantity
HAVING sum(s.quantity) = l.quantity AND sum(s.revenue_base) <> l.amount_base
