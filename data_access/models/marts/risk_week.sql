-- doc: What will be missing of each item at risk, week by week ahead, at net price.
-- grain: one row per product at risk and week, this one and the six after it
SELECT i.product_id, i.category, w.week_no,
       w.quantity * CAST(i.net_price AS DOUBLE) * greatest(0, least(w.to_day, 7 * i.gap_weeks_to) - greatest(w.from_day, 7 * i.gap_weeks_from)) / (w.to_day - w.from_day) AS value
FROM marts.item i
JOIN marts.demand_walk w ON w.product_id = i.product_id AND w.week_no <= 6
WHERE i.at_risk > 0
