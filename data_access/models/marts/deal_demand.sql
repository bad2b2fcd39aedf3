-- doc: What open deals would take from stock, in the week they are expected to close (overdue: this week). Deals without product lines are spread by what that customer bought in 52 weeks.
-- grain: one row per open opportunity and product
WITH by_line AS (
    SELECT d.opportunity_id, d.close_week, l.product_id, CAST(sum(l.quantity) AS DOUBLE) AS quantity, any_value(d.probability) AS probability
    FROM marts.open_deal d
    JOIN core.opportunity_line l ON l.opportunity_id = d.opportunity_id
    WHERE l.product_id IS NOT NULL AND l.quantity > 0
    GROUP BY d.opportunity_id, d.close_week, l.product_id
),
bought AS (
    SELECT l.customer_id, l.product_id, CAST(sum(l.amount_base) AS DOUBLE) AS amount
    FROM core.sales_order_line l CROSS JOIN core.company c
    WHERE l.status IN ('open', 'shipped', 'done') AND l.order_date > c.today - 364 AND l.order_date <= c.today
        AND l.product_id IS NOT NULL AND l.customer_id IS NOT NULL
    GROUP BY l.customer_id, l.product_id
    HAVING sum(l.amount_base) > 0
),
mix AS (
    SELECT customer_id, product_id, amount / sum(amount) OVER (PARTITION BY customer_id) AS share FROM bought
),
without_lines AS (
    SELECT d.opportunity_id, d.customer_id, d.close_week, d.amount_base, d.probability
    FROM marts.open_deal d ANTI JOIN by_line l ON l.opportunity_id = d.opportunity_id
    WHERE d.amount_base > 0
),
by_mix AS (
    SELECT d.opportunity_id, d.close_week, m.product_id,
           CAST(d.amount_base AS DOUBLE) * m.share / CAST(p.net_price AS DOUBLE) AS quantity, d.probability
    FROM without_lines d
    JOIN mix m ON m.customer_id = d.customer_id
    JOIN marts.item_price p ON p.product_id = m.product_id AND p.net_price > 0
)
SELECT opportunity_id, product_id, close_week, 'line' AS basis, quantity, CAST(probability AS DOUBLE) AS probability,
       quantity * CAST(probability AS DOUBLE) AS weighted_quantity
FROM by_line
UNION ALL
SELECT opportunity_id, product_id, close_week, 'usual_mix', quantity, CAST(probability AS DOUBLE),
       quantity * CAST(probability AS DOUBLE)
FROM by_mix
