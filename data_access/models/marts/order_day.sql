-- doc: Orders booked a day.
-- grain: one row per order date
SELECT order_date AS day, count(DISTINCT order_id) AS orders
FROM core.sales_order_line
WHERE status IN ('open', 'shipped', 'done') AND order_date IS NOT NULL
GROUP BY order_date
