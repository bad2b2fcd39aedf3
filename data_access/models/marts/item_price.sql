-- doc: What an item brings: base amount over quantity of the last 13 weeks' booked lines, else of the last 52, else its list price.
-- grain: one row per product
WITH sold AS (
    SELECT l.product_id,
           sum(l.amount_base) FILTER (WHERE l.order_date > c.today - 91) AS amount_13, sum(l.quantity) FILTER (WHERE l.order_date > c.today - 91) AS quantity_13,
           sum(l.amount_base) AS amount_52, sum(l.quantity) AS quantity_52
    FROM core.sales_order_line l CROSS JOIN core.company c
    WHERE l.status IN ('open', 'shipped', 'done') AND l.amount_base IS NOT NULL
        AND l.order_date > c.today - 364 AND l.order_date <= c.today
    GROUP BY l.product_id
),
priced AS (
    SELECT p.product_id, p.list_price,
           CASE WHEN s.amount_13 > 0 THEN per_unit(s.amount_13, s.quantity_13) END AS recent,
           CASE WHEN s.amount_52 > 0 THEN per_unit(s.amount_52, s.quantity_52) END AS year
    FROM core.product p
    LEFT JOIN sold s ON s.product_id = p.product_id
)
SELECT product_id, CAST(coalesce(recent, year, list_price, 0) AS DECIMAL(18,6)) AS net_price,
       CASE WHEN recent IS NOT NULL THEN 'last_13_weeks' WHEN year IS NOT NULL THEN 'last_52_weeks'
            WHEN list_price IS NOT NULL THEN 'list_price' ELSE 'none' END AS price_from
FROM priced
