-- doc: What customers asked for in weeks that are over: what forecasts learn from. An order for a week to come changes nothing here.
-- grain: one row per product and ISO week that is over
SELECT w.product_id, w.week_start, w.quantity, w.amount_base
FROM marts.item_week w
JOIN core.company c ON w.week_start < date_trunc('week', c.today)
