-- doc: The customer's open order lines against what is on hand in all warehouses: stock goes to the lines of all customers in the order of their promised days.
-- grain: one row per open order line
WITH waiting AS (
    SELECT l.order_id, l.order_no, l.line_id, l.customer_id, l.product_id, l.order_date, l.promised_date,
           l.quantity - l.shipped_quantity AS quantity, money(share(l.amount_base, l.quantity - l.shipped_quantity, l.quantity, c.digits)) AS amount,
           sum(l.quantity - l.shipped_quantity) OVER (PARTITION BY l.product_id ORDER BY l.promised_date NULLS LAST, l.order_date, l.line_id) AS needed
    FROM core.sales_order_line l CROSS JOIN core.company c
    WHERE l.status = 'open' AND l.quantity > l.shipped_quantity
),
stock AS (SELECT product_id, sum(quantity) AS on_hand FROM core.stock_on_hand GROUP BY product_id)
SELECT w.order_id, w.order_no, w.line_id, w.product_id, p.sku, coalesce(p.name, '–') AS name, w.quantity, w.order_date, w.promised_date, w.amount,
       coalesce(s.on_hand, 0) AS on_hand,
       CASE WHEN w.product_id IS NOT NULL THEN greatest(least(w.quantity, coalesce(s.on_hand, 0) - (w.needed - w.quantity)), 0) END AS covered_quantity,
       y.likely_date, coalesce(y.likely_known, FALSE) AS likely_known, date_diff('day', w.promised_date, y.likely_date) AS likely_days_late
FROM waiting w
LEFT JOIN core.product p ON p.product_id = w.product_id
LEFT JOIN stock s ON s.product_id = w.product_id
LEFT JOIN plan.line_promise y ON y.line_id = w.line_id
WHERE w.customer_id = $customer
ORDER BY w.promised_date NULLS LAST, w.order_no, w.line_id
