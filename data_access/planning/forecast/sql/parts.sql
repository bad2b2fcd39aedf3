-- doc: Value a week of each region and of each warehouse.
-- grain: one row per kind, part and ISO week that is over
SELECT kind || ':' || part AS part, week_start, CAST(amount_base AS DOUBLE) AS y FROM marts.part_history WHERE amount_base IS NOT NULL ORDER BY ALL
