-- doc: All that was ordered up to today: what the first days' estimate goes by.
-- grain: one row per product (NULL: lines without a known product)
SELECT l.product_id, CAST(sum(l.quantity) AS DECIMAL(18,6)) AS quantity, money(sum(l.amount_base)) AS amount_base
FROM core.sales_order_line l
JOIN core.company c ON l.order_date <= c.today
WHERE l.status IN ('open', 'shipped', 'done')
GROUP BY l.product_id
