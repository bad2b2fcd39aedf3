-- doc: The days customers ordered on: how many orders, and what they booked (returns netted; a day of returns alone has no order).
-- grain: one row per customer and order day up to today
-- partition: customer_id
-- by: core.sales_order_line customer_id NOT NULL
SELECT l.customer_id, l.order_date AS day, count(DISTINCT l.order_id) FILTER (WHERE l.quantity > 0) AS orders,
       money(coalesce(sum(l.amount_base), 0)) AS booked_base
FROM core.sales_order_line l
JOIN core.company c ON l.order_date <= c.today
WHERE l.status IN ('open', 'shipped', 'done') AND l.customer_id IS NOT NULL
GROUP BY l.customer_id, l.order_date
