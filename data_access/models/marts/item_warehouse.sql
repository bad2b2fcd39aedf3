-- doc: Each product where it lies and where it is sold. share: the warehouse's part of the product's order lines of 13 weeks, else of 52. Cover walks forward over expected demand x share. short: what four weeks need beyond it; spare: what eight weeks do not need.
-- grain: one row per product and warehouse that holds it or sold it in 52 weeks
WITH sold AS (
    SELECT l.product_id, l.warehouse_id, greatest(coalesce(sum(l.quantity) FILTER (WHERE l.order_date > c.today - 91), 0), 0) AS recent, greatest(sum(l.quantity), 0) AS year
    FROM core.sales_order_line l CROSS JOIN core.company c
    WHERE l.status IN ('open', 'shipped', 'done') AND l.order_date > c.today - 364 AND l.order_date <= c.today
        AND l.product_id IS NOT NULL AND l.warehouse_id IS NOT NULL
    GROUP BY l.product_id, l.warehouse_id
),
shared AS (
    SELECT product_id, warehouse_id,
           CASE WHEN sum(recent) OVER p > 0 THEN CAST(recent AS DOUBLE) / CAST(sum(recent) OVER p AS DOUBLE)
                WHEN sum(year) OVER p > 0 THEN CAST(year AS DOUBLE) / CAST(sum(year) OVER p AS DOUBLE) END AS share
    FROM sold WINDOW p AS (PARTITION BY product_id)
),
place AS (
    SELECT coalesce(h.product_id, s.product_id) AS product_id, coalesce(h.warehouse_id, s.warehouse_id) AS warehouse_id,
           coalesce(h.quantity, 0) AS on_hand, coalesce(h.value_base, 0) AS value_base, s.share
    FROM core.stock_on_hand h FULL JOIN shared s ON s.product_id = h.product_id AND s.warehouse_id = h.warehouse_id
),
walk AS (
    SELECT product_id, week_no, from_day, to_day, quantity, sum(quantity) OVER (PARTITION BY product_id ORDER BY week_no) AS used FROM marts.demand_walk
),
walked AS (
    SELECT p.product_id, p.warehouse_id, any_value(p.on_hand) AS on_hand, any_value(p.value_base) AS value_base, any_value(p.share) AS share, max(w.used) AS demand,
           arg_min(w.from_day + (greatest(p.on_hand, 0) / p.share - (w.used - w.quantity)) / w.quantity * (w.to_day - w.from_day), w.week_no)
               FILTER (WHERE w.quantity > 0 AND p.share > 0 AND w.used >= greatest(p.on_hand, 0) / p.share) AS run_out_day,
           sum(w.quantity * greatest(0, least(1, (28 - w.from_day) / (w.to_day - w.from_day)))) * coalesce(any_value(p.share), 0) AS demand_4_weeks,
           sum(w.quantity * greatest(0, least(1, (56 - w.from_day) / (w.to_day - w.from_day)))) * coalesce(any_value(p.share), 0) AS demand_8_weeks
    FROM place p JOIN walk w ON w.product_id = p.product_id
    GROUP BY p.product_id, p.warehouse_id
)
SELECT w.product_id, w.warehouse_id, w.on_hand, w.value_base, w.share, money(i.weekly_sales * w.share) AS weekly_sales,
       CASE WHEN coalesce(w.share, 0) <= 0 OR w.demand <= 0 THEN NULL WHEN w.on_hand <= 0 THEN 0 ELSE least(coalesce(w.run_out_day, 728), 728) END / 7 AS cover_weeks,
       greatest(w.demand_4_weeks - CAST(greatest(w.on_hand, 0) AS DOUBLE), 0) AS short_quantity,
       greatest(CAST(w.on_hand AS DOUBLE) - w.demand_8_weeks, 0) AS spare_quantity
FROM walked w
JOIN marts.item i ON i.product_id = w.product_id
