-- doc: Booked by order date; revenue and cost at shipment by shipping date. Revenue counts lines that could be converted; the margin's revenue only those whose cost is known.
-- grain: one row per day and product category
WITH booked AS (
    SELECT l.order_date AS day, p.category, l.amount_base AS booked_base, 0 AS revenue_base, 0 AS costed_revenue_base, 0 AS cost_base,
           1 AS lines, CASE WHEN l.amount_base IS NULL THEN 1 ELSE 0 END AS unconverted
    FROM core.sales_order_line l
    LEFT JOIN core.product p ON p.product_id = l.product_id
    WHERE l.status IN ('open', 'shipped', 'done')
),
shipped AS (
    SELECT s.effective_date AS day, p.category, 0 AS booked_base, s.revenue_base,
           CASE WHEN s.cost_base IS NOT NULL THEN s.revenue_base END AS costed_revenue_base,
           CASE WHEN s.revenue_base IS NOT NULL THEN s.cost_base END AS cost_base, 0 AS lines, 0 AS unconverted
    FROM core.shipment s
    LEFT JOIN core.product p ON p.product_id = s.product_id
),
flow AS (SELECT * FROM booked UNION ALL SELECT * FROM shipped)
SELECT day, coalesce(category, '–') AS category, money(sum(booked_base)) AS booked_base, money(sum(revenue_base)) AS revenue_base,
       money(sum(costed_revenue_base)) AS costed_revenue_base, money(sum(cost_base)) AS cost_base,
       CAST(sum(lines) AS BIGINT) AS booked_lines, CAST(sum(unconverted) AS BIGINT) AS unconverted_lines
FROM flow
WHERE day IS NOT NULL
GROUP BY day, coalesce(category, '–')
