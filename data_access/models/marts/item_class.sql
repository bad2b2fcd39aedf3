-- doc: ABC by share of the booked sales of 52 weeks: A up to 80 %, B up to 95 %, C the rest, N nothing sold. XYZ by the coefficient of variation of weekly demand over up to 52 full weeks since the first: X up to 0.5, Y up to 1, Z beyond, or under 8 weeks.
-- grain: one row per product with expected demand or stock
WITH sold AS (
    SELECT s.product_id, greatest(sum(s.booked_base), 0) AS sales
    FROM marts.sale s CROSS JOIN core.company c
    WHERE s.event = 'booked' AND s.day > c.today - 364 AND s.day <= c.today
    GROUP BY s.product_id
),
ranked AS (
    SELECT i.product_id, coalesce(s.sales, 0) AS sales,
           CAST(coalesce(sum(s.sales) OVER (ORDER BY s.sales DESC NULLS LAST, i.product_id ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0) AS DOUBLE)
               / nullif(CAST(sum(s.sales) OVER () AS DOUBLE), 0) AS share_before
    FROM marts.item i LEFT JOIN sold s ON s.product_id = i.product_id
),
week AS (
    SELECT w.product_id, count(*) AS weeks_with, sum(CAST(w.quantity AS DOUBLE)) AS total, sum(CAST(w.quantity AS DOUBLE) * CAST(w.quantity AS DOUBLE)) AS squares
    FROM marts.item_week w CROSS JOIN core.company c
    WHERE w.week_start >= date_trunc('week', c.today) - INTERVAL 52 WEEK AND w.week_start < date_trunc('week', c.today)
    GROUP BY w.product_id
),
begun AS (
    SELECT w.product_id, least(52, datediff('day', min(w.week_start), any_value(date_trunc('week', c.today))) // 7) AS weeks
    FROM marts.item_week w CROSS JOIN core.company c GROUP BY w.product_id
),
spread AS (
    SELECT w.product_id, b.weeks, sqrt(greatest(w.squares / b.weeks - pow(w.total / b.weeks, 2), 0)) / nullif(w.total / b.weeks, 0) AS variation
    FROM week w JOIN begun b ON b.product_id = w.product_id AND b.weeks > 0
)
SELECT r.product_id, r.sales, r.share_before, p.weeks, p.variation,
       CASE WHEN r.sales <= 0 THEN 'N' WHEN r.share_before < 0.8 THEN 'A' WHEN r.share_before < 0.95 THEN 'B' ELSE 'C' END AS abc,
       CASE WHEN r.sales <= 0 THEN 'N' WHEN p.weeks >= 8 AND p.variation BETWEEN 0 AND 0.5 THEN 'X' WHEN p.weeks >= 8 AND p.variation BETWEEN 0 AND 1 THEN 'Y' ELSE 'Z' END AS xyz
FROM ranked r
LEFT JOIN spread p ON p.product_id = r.product_id
