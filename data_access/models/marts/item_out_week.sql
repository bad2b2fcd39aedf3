-- doc: Weeks that are over in which an item could not be sold from stock: the share of the week its warehouses were empty (nothing or less at the end of the day), each by its part in the item's sales of weeks that are over. An item empty for over half of its time is not sold from stock and has none.
-- grain: one row per product and ISO week with an empty day
-- partition: product_id
-- by: marts.stock_flow product_id; core.sales_order_line product_id NOT NULL
WITH moved AS (
    SELECT product_id, warehouse_id, day, sum(sum(quantity)) OVER (PARTITION BY product_id, warehouse_id ORDER BY day) AS balance
    FROM marts.stock_flow GROUP BY product_id, warehouse_id, day
),
stay AS (
    SELECT product_id, warehouse_id, day AS from_day, balance,
           coalesce(lead(day) OVER (PARTITION BY product_id, warehouse_id ORDER BY day), CAST(date_trunc('week', c.today) AS DATE)) AS to_day
    FROM moved CROSS JOIN core.company c
),
sold AS (
    SELECT product_id, warehouse_id, greatest(sum(quantity), 0) AS quantity
    FROM core.sales_order_line CROSS JOIN core.company c
    WHERE status IN ('open', 'shipped', 'done') AND product_id IS NOT NULL AND warehouse_id IS NOT NULL
      AND order_date < date_trunc('week', c.today)
    GROUP BY product_id, warehouse_id
),
weight AS (
    SELECT product_id, warehouse_id, CAST(quantity AS DOUBLE) / sum(quantity) OVER (PARTITION BY product_id) AS part
    FROM sold QUALIFY sum(quantity) OVER (PARTITION BY product_id) > 0
),
mostly AS (
    SELECT s.product_id, sum((s.to_day - s.from_day) * w.part * CAST(s.balance <= 0 AS INTEGER)) / nullif(sum((s.to_day - s.from_day) * w.part), 0) AS empty_share
    FROM stay s JOIN weight w ON w.product_id = s.product_id AND w.warehouse_id = s.warehouse_id
    GROUP BY s.product_id
),
empty AS (
    SELECT s.product_id, w.part, s.from_day, s.to_day
    FROM stay s
    JOIN weight w ON w.product_id = s.product_id AND w.warehouse_id = s.warehouse_id
    JOIN mostly m ON m.product_id = s.product_id AND m.empty_share <= 0.5
    WHERE s.balance <= 0 AND s.to_day > s.from_day
)
SELECT e.product_id, CAST(k.week_start AS DATE) AS week_start,
       round(sum(e.part * (least(e.to_day, CAST(k.week_start AS DATE) + 7) - greatest(e.from_day, CAST(k.week_start AS DATE)))) / 7, 6) AS empty_share
FROM empty e
CROSS JOIN core.company c
CROSS JOIN LATERAL (SELECT unnest(generate_series(date_trunc('week', e.from_day), CAST(e.to_day - 1 AS TIMESTAMP), INTERVAL 7 DAY)) AS week_start) k
WHERE k.week_start < date_trunc('week', c.today)
GROUP BY e.product_id, k.week_start
