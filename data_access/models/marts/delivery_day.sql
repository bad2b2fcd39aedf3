-- doc: Lines due by promised date, and those whose last shipment was no later. Left out: lines without a promise, returns, services, and lines an ERP closed without any shipment.
-- grain: one row per promised day
SELECT l.promised_date AS day, count(*) AS lines_due,
       count(*) FILTER (WHERE l.status IN ('shipped', 'done') AND l.shipped_date <= l.promised_date) AS lines_on_time
FROM core.sales_order_line l
WHERE l.promised_date IS NOT NULL AND l.quantity > 0 AND l.product_id IS NOT NULL
    AND (l.status = 'open' OR (l.status IN ('shipped', 'done') AND l.shipped_date IS NOT NULL))
GROUP BY l.promised_date
