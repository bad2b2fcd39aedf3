-- doc: What the customer's orders of 12 months usually hold: the items in most of them, with the median quantity, and whether it is there.
-- grain: one row per product, the five most frequent
WITH line AS (
    SELECT l.order_id, l.product_id, sum(l.quantity) AS quantity, max(l.order_date) AS day
    FROM core.sales_order_line l JOIN core.company c ON l.order_date > c.today - INTERVAL 1 YEAR AND l.order_date <= c.today
    WHERE l.customer_id = $customer AND l.status IN ('open', 'shipped', 'done') AND l.product_id IS NOT NULL AND l.quantity > 0
    GROUP BY l.order_id, l.product_id
)
SELECT l.product_id, p.sku, p.name, count(*) AS orders, count(*) / (SELECT count(DISTINCT order_id) FROM line) AS share,
       quantile_disc(l.quantity, 0.5) AS quantity, max(l.day) AS last_bought, any_value(i.on_hand) AS on_hand, any_value(i.cover_weeks) AS cover_weeks
FROM line l
JOIN core.product p ON p.product_id = l.product_id
LEFT JOIN marts.item i ON i.product_id = l.product_id
GROUP BY l.product_id, p.sku, p.name
ORDER BY orders DESC, sum(l.quantity) DESC, l.product_id
LIMIT 5
