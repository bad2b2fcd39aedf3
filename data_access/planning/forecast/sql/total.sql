-- doc: What that was worth, lines without a product included.
-- grain: one row per ISO week
SELECT week_start, coalesce(CAST(amount_base AS DOUBLE), 0) AS y FROM marts.booked_history ORDER BY ALL
