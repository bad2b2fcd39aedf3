-- doc: What customers asked for in every week that is over.
-- grain: one row per product and ISO week
SELECT product_id, week_start, CAST(quantity AS DOUBLE) AS y FROM marts.item_history ORDER BY ALL
