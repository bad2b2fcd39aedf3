-- doc: What can be had by when: the stock of today (negative as none), then every receipt with a date that is not overdue. upto: all there is by that day.
-- grain: one row per product and day something comes, today always
WITH given AS (
    SELECT i.product_id, c.today AS day, CAST(greatest(i.on_hand, 0) AS DECIMAL(18,6)) AS quantity FROM marts.item i CROSS JOIN core.company c
    UNION ALL
    SELECT product_id, expected_date, quantity FROM marts.receipt WHERE NOT is_overdue AND expected_date IS NOT NULL
)
SELECT product_id, day, CAST(sum(quantity) AS DECIMAL(18,6)) AS quantity,
       CAST(sum(sum(quantity)) OVER (PARTITION BY product_id ORDER BY day) AS DECIMAL(18,6)) AS upto
FROM given
GROUP BY product_id, day
