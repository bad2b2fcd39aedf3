-- doc: What the filters of the desk pages offer, the largest seller first; warehouses by their code.
-- grain: one row per filter and value
WITH sold AS (
    SELECT region, owner, segment, category, warehouse, coalesce(booked_base, 0) AS booked_base FROM marts.sale WHERE event = 'booked'
),
known AS (
    SELECT 'region' AS filter, region AS value, region AS label, sum(booked_base) AS booked FROM sold GROUP BY region
    UNION ALL
    SELECT 'owner', owner, owner, sum(booked_base) FROM sold GROUP BY owner
    UNION ALL
    SELECT 'segment', segment, segment, sum(booked_base) FROM sold GROUP BY segment
    UNION ALL
    SELECT 'category', i.category, i.category, (SELECT sum(s.booked_base) FROM sold s WHERE s.category = i.category)
    FROM (SELECT DISTINCT coalesce(category, '–') AS category FROM core.product) i
    UNION ALL
    SELECT 'warehouse', w.code, w.name, (SELECT sum(s.booked_base) FROM sold s WHERE s.warehouse = w.code) FROM core.warehouse w
)
SELECT filter, value, label
FROM known
WHERE value IS NOT NULL AND value <> '–'
ORDER BY filter, booked DESC NULLS LAST, value
