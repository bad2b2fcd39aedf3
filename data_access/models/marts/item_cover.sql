-- doc: The walk: forward over expected demand until the stock of all warehouses (negative as none) is used up, without and with the weighted deals. NULL days: no demand; 728 days: more than two years.
-- grain: one row per product and scenario (base, deals)
WITH stock AS (
    SELECT product_id, CAST(sum(quantity) AS DOUBLE) AS on_hand FROM core.stock_on_hand GROUP BY product_id
),
receipt AS (
    SELECT r.product_id, min(r.expected_date) - any_value(c.today) AS receipt_day
    FROM marts.receipt r CROSS JOIN core.company c
    WHERE r.expected_date >= c.today
    GROUP BY r.product_id
),
-- Both scenarios in one pass: the walk is a hundred rows a product.
step AS (
    SELECT product_id, week_no, from_day, to_day, quantity AS base, quantity + deal_quantity AS deals,
           sum(quantity) OVER p AS base_used, sum(quantity + deal_quantity) OVER p AS deals_used
    FROM marts.demand_walk WINDOW p AS (PARTITION BY product_id ORDER BY week_no)
),
walk AS (
    SELECT s.product_id, t.scenario, s.week_no, s.from_day, s.to_day, CASE WHEN t.scenario = 'base' THEN s.base ELSE s.deals END AS quantity,
           CASE WHEN t.scenario = 'base' THEN s.base_used ELSE s.deals_used END AS used,
           greatest(coalesce(k.on_hand, 0), 0) AS stock, least(coalesce(r.receipt_day, 42), 42) AS edge_day
    FROM step s
    CROSS JOIN (VALUES ('base'), ('deals')) t(scenario)
    LEFT JOIN stock k ON k.product_id = s.product_id
    LEFT JOIN receipt r ON r.product_id = s.product_id
),
walked AS (
    SELECT product_id, scenario, any_value(stock) AS stock, any_value(edge_day) AS edge_day, max(used) AS demand_2_years,
           arg_min(from_day + (stock - (used - quantity)) / quantity * (to_day - from_day), week_no)
               FILTER (WHERE quantity > 0 AND used >= stock) AS run_out_day,
           sum(quantity * greatest(0, least(1, (edge_day - from_day) / (to_day - from_day)))) AS demand_to_edge,
           sum(quantity * greatest(0, least(1, (42 - from_day) / (to_day - from_day)))) AS demand_6_weeks,
           sum(quantity * greatest(0, least(1, (70 - from_day) / (to_day - from_day)))) AS demand_10_weeks,
           sum(quantity * greatest(0, least(1, (728 - from_day) / (to_day - from_day)))) AS demand_104_weeks
    FROM walk
    GROUP BY product_id, scenario
)
SELECT product_id, scenario, edge_day, demand_to_edge, demand_6_weeks, demand_10_weeks, demand_104_weeks,
       CASE WHEN demand_2_years <= 0 THEN NULL WHEN stock <= 0 THEN 0
            ELSE least(coalesce(run_out_day, 728), 728) END AS cover_days,
       round(greatest(demand_to_edge - stock, 0), 6) AS missing_quantity
FROM walked
