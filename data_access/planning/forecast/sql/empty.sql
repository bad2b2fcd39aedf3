-- doc: Weeks in which the shelves were empty long enough to hide demand.
-- grain: one row per product and ISO week
SELECT product_id, week_start FROM marts.item_out_week WHERE empty_share >= $least ORDER BY ALL
