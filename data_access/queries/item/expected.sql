-- doc: Expected demand of one product ahead: days from today and the quantity of each stretch.
-- grain: one row per week ahead, the current one first
SELECT week_no, week_start, from_day, to_day, quantity
FROM marts.demand_walk
WHERE product_id = $item AND week_no < 26
ORDER BY week_no
