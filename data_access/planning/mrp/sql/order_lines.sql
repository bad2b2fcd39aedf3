-- doc: What customers have ordered and not got yet.
-- grain: one row per open sales order line
SELECT l.line_id, l.order_id, l.order_no, l.customer_id, l.product_id, coalesce(l.promised_date, l.requested_date) AS wanted_date,
       CAST(l.quantity - coalesce(l.shipped_quantity, 0) AS DOUBLE) AS quantity
FROM core.sales_order_line l
WHERE l.status = 'open' AND l.product_id IS NOT NULL AND l.quantity > coalesce(l.shipped_quantity, 0)
ORDER BY l.line_id
