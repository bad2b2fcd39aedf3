-- doc: Value customers asked for in weeks that are over, lines without a product included.
-- grain: one row per ISO week that is over
SELECT w.week_start, w.amount_base
FROM marts.booked_week w
JOIN core.company c ON w.week_start < date_trunc('week', c.today)
