-- doc: What similar accounts buy and this one does not, in stock for four weeks and more. Similar: the same segment, and buying at least half of the items this one bought in 12 months (any buyer of the segment, while it bought nothing). Five similar accounts at least, a third of them buying it.
-- grain: one row per product, the three most shared
WITH alike AS (
    SELECT k.customer_id FROM marts.customer_profile k
    JOIN marts.customer_profile me ON me.customer_id = $customer AND me.segment = k.segment
),
bought AS (
    SELECT l.customer_id, l.product_id, quantile_disc(l.quantity, 0.5) AS quantity
    FROM core.sales_order_line l
    SEMI JOIN alike a ON a.customer_id = l.customer_id
    JOIN core.company c ON l.order_date > c.today - INTERVAL 1 YEAR AND l.order_date <= c.today
    WHERE l.status IN ('open', 'shipped', 'done') AND l.product_id IS NOT NULL AND l.quantity > 0
    GROUP BY l.customer_id, l.product_id
),
own AS (SELECT product_id FROM bought WHERE customer_id = $customer),
peer AS (
    SELECT b.customer_id
    FROM bought b
    LEFT JOIN own o ON o.product_id = b.product_id
    WHERE b.customer_id <> $customer
    GROUP BY b.customer_id
    HAVING count(o.product_id) >= 0.5 * (SELECT count(*) FROM own)
),
shared AS (
    SELECT b.product_id, count(*) AS buyers, (SELECT count(*) FROM peer) AS accounts, quantile_disc(b.quantity, 0.5) AS quantity
    FROM bought b SEMI JOIN peer s ON s.customer_id = b.customer_id
    WHERE b.product_id NOT IN (SELECT product_id FROM own)
    GROUP BY b.product_id
)
SELECT s.product_id, i.sku, i.name, s.buyers, s.accounts, s.buyers / s.accounts AS share, s.quantity,
       money(extend(CAST(s.quantity AS DECIMAL(18,6)), i.net_price, c.digits)) AS amount, i.on_hand, i.cover_weeks
FROM shared s
JOIN marts.item i ON i.product_id = s.product_id
JOIN core.product p ON p.product_id = s.product_id AND p.is_active
CROSS JOIN core.company c
WHERE s.accounts >= 5 AND 3 * s.buyers >= s.accounts AND i.on_hand >= s.quantity AND i.cover_weeks >= 4
ORDER BY share DESC, amount DESC, s.product_id
LIMIT 3
