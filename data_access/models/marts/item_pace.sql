-- doc: How fast stock leaves. dead: nothing went out in 180 days; slow: less went out in 180 days than is there; moving: the rest. old_value: stock that came in over 180 days ago, at cost.
-- grain: one row per product in stock
WITH gone AS (
    SELECT f.product_id, -sum(f.quantity) FILTER (WHERE f.day > c.today - 180) AS quantity, max(f.day) AS last_day
    FROM marts.stock_flow f CROSS JOIN core.company c
    WHERE f.is_outside AND f.quantity < 0 AND f.kind <> 'adjustment' AND f.day <= c.today
    GROUP BY f.product_id
),
held AS (
    SELECT product_id, sum(quantity) AS quantity, money(sum(value_base)) AS value_base,
           money(coalesce(sum(value_base) FILTER (WHERE age_no >= 4), 0)) AS old_value, coalesce(sum(quantity) FILTER (WHERE age_no >= 4), 0) AS old_quantity
    FROM marts.stock_age GROUP BY product_id
)
SELECT h.product_id, CAST(h.quantity AS DECIMAL(18,6)) AS on_hand, h.value_base, h.old_value, CAST(h.old_quantity AS DECIMAL(18,6)) AS old_quantity,
       CAST(coalesce(g.quantity, 0) AS DECIMAL(18,6)) AS gone_180, g.last_day AS last_out_date,
       CASE WHEN coalesce(g.quantity, 0) = 0 THEN 'dead' WHEN g.quantity < h.quantity THEN 'slow' ELSE 'moving' END AS pace
FROM held h
LEFT JOIN gone g ON g.product_id = h.product_id
