-- doc: Stock at today's unit cost on the 14 weekly points; negative stock counts as it stands.
-- grain: one row per weekly point
WITH flow AS (
    SELECT effective_date AS day, product_id, quantity FROM core.stock_move
    WHERE status = 'done' AND to_warehouse_id IS NOT NULL
    UNION ALL
    SELECT effective_date, product_id, -quantity FROM core.stock_move
    WHERE status = 'done' AND from_warehouse_id IS NOT NULL
),
-- Each move belongs to the first point not before it.
arrived AS (
    SELECT greatest(ceil((13 * 7 - (c.today - f.day)) / 7), 0) AS point, f.product_id, sum(f.quantity) AS quantity
    FROM flow f CROSS JOIN core.company c
    WHERE f.day <= c.today AND f.product_id IS NOT NULL
    GROUP BY ALL
),
standing AS (
    SELECT d.day, d.point, a.product_id, sum(a.quantity) AS quantity
    FROM marts.kpi_day d JOIN arrived a ON a.point <= d.point
    GROUP BY ALL
)
SELECT s.day, s.point, money(sum(extend(CAST(s.quantity AS DECIMAL(18,6)), p.unit_cost, c.digits))) AS value_base
FROM standing s
JOIN core.product p ON p.product_id = s.product_id
CROSS JOIN core.company c
GROUP BY s.day, s.point
