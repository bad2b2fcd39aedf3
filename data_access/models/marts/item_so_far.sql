-- doc: All that was ordered up to today: what the first days' estimate goes by. Empty once there are two weeks of orders.
-- grain: one row per product (NULL: lines without a known product)
SELECT l.product_id, CAST(sum(l.quantity) AS DECIMAL(18,6)) AS quantity, money(sum(l.amount_base)) AS amount_base
FROM core.sales_order_line l
JOIN marts.span s ON l.order_date <= s.today AND s.days_of_orders < 14
WHERE l.status IN ('open', 'shipped', 'done')
GROUP BY l.product_id
