-- doc: How many days the stock at the start of each week lasts over the demand that follows, if nothing is hurried: the heat map of items by week.
-- grain: one row per product and ISO week, ten from the current one, the tightest products first
WITH walk AS (
    SELECT m.product_id, m.period_start, m.gross_requirements, coalesce(lag(m.unexpedited) OVER p, q.on_hand) AS have,
           row_number() OVER p AS n, sum(m.gross_requirements) OVER p AS used
    FROM plan.mps m JOIN plan.item_parameter q ON q.product_id = m.product_id
    WINDOW p AS (PARTITION BY m.product_id ORDER BY m.period_start)
),
chosen AS (
    SELECT x.product_id, x.place
    FROM marts.plan_item x
    JOIN core.product p ON p.product_id = x.product_id
    WHERE ($category IS NULL OR list_contains($category, coalesce(p.category, '–'))) AND ($sku IS NULL OR list_contains($sku, p.sku))
),
cover AS (
    SELECT w.product_id, w.n, min(w.period_start) AS week_start, any_value(w.have) AS have,
           arg_min(a.n - w.n + (w.have - (a.used - a.gross_requirements - (w.used - w.gross_requirements))) / a.gross_requirements, a.n)
               FILTER (WHERE a.gross_requirements > 0 AND a.used - (w.used - w.gross_requirements) >= w.have) AS weeks,
           max(a.n) - w.n + 1 AS seen
    FROM walk w JOIN walk a ON a.product_id = w.product_id AND a.n >= w.n
    WHERE w.n <= 10
    GROUP BY w.product_id, w.n
)
SELECT k.product_id, p.sku, p.name, coalesce(p.category, '–') AS category, c.week_start, c.have AS on_hand,
       CASE WHEN c.have <= 0 THEN 0 ELSE 7 * coalesce(c.weeks, c.seen) END AS cover_days, c.have > 0 AND c.weeks IS NULL AS is_more
FROM chosen k
JOIN cover c ON c.product_id = k.product_id
JOIN core.product p ON p.product_id = k.product_id
ORDER BY k.place, c.week_start
