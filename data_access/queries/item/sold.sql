-- doc: What customers asked for of one product in the last 52 full weeks and this one, and what was on hand at the end of each.
-- grain: one row per ISO week, the oldest first
WITH week AS (
    SELECT CAST(date_trunc('week', c.today) AS DATE) - CAST(7 * n AS INTEGER) AS week_start, n = 0 AS is_current
    FROM core.company c CROSS JOIN range(53) r(n)
),
flow AS (
    SELECT effective_date AS day, CASE WHEN to_warehouse_id IS NULL THEN -quantity ELSE quantity END AS quantity
    FROM core.stock_move
    WHERE product_id = $item AND status = 'done' AND (to_warehouse_id IS NULL) <> (from_warehouse_id IS NULL)
),
shipped AS (
    SELECT CAST(date_trunc('week', effective_date) AS DATE) AS week_start, sum(quantity) AS quantity
    FROM core.shipment WHERE product_id = $item GROUP BY ALL
)
SELECT w.week_start, w.is_current, coalesce(any_value(q.quantity), 0) AS quantity, coalesce(any_value(s.quantity), 0) AS shipped_quantity,
       coalesce(sum(f.quantity), 0) AS on_hand
FROM week w
LEFT JOIN marts.item_week q ON q.product_id = $item AND q.week_start = w.week_start
LEFT JOIN shipped s ON s.week_start = w.week_start
LEFT JOIN flow f ON f.day < w.week_start + 7
GROUP BY w.week_start, w.is_current
ORDER BY w.week_start
