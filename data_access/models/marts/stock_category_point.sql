-- doc: Stock at today's unit cost on the 14 weekly points; negative stock counts as it stands.
-- grain: one row per weekly point and product category
-- Each move belongs to the first point not before it.
WITH arrived AS (
    SELECT greatest(ceil((13 * 7 - (c.today - f.day)) / 7), 0) AS point, f.product_id, sum(f.quantity) AS quantity
    FROM marts.stock_flow f CROSS JOIN core.company c
    WHERE f.day <= c.today
    GROUP BY ALL
),
standing AS (
    SELECT d.day, d.point, a.product_id, sum(a.quantity) AS quantity
    FROM marts.kpi_day d JOIN arrived a ON a.point <= d.point
    GROUP BY ALL
)
SELECT s.day, s.point, coalesce(p.category, '–') AS category, money(sum(extend(CAST(s.quantity AS DECIMAL(18,6)), p.unit_cost, c.digits))) AS value_base
FROM standing s
JOIN core.product p ON p.product_id = s.product_id
CROSS JOIN core.company c
GROUP BY ALL
