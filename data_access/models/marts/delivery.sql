-- doc: Lines due and how late they came, or are so far. Left out: lines without a promise, returns, services, and lines an ERP closed without any shipment.
-- grain: one row per due sales order line
-- partition: line_id
-- by: core.sales_order_line line_id
SELECT l.order_id, l.order_no, l.line_id, l.customer_id, l.product_id, l.promised_date,
       CASE WHEN l.status <> 'open' THEN l.shipped_date END AS delivered_date,
       coalesce(delivered_date <= l.promised_date, FALSE) AS is_on_time,
       greatest(coalesce(delivered_date, c.today) - l.promised_date, 0) AS days_late
FROM core.sales_order_line l CROSS JOIN core.company c
WHERE l.promised_date IS NOT NULL AND l.quantity > 0 AND l.product_id IS NOT NULL
    AND (l.status = 'open' OR (l.status IN ('shipped', 'done') AND l.shipped_date IS NOT NULL))
