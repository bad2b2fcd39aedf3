-- doc: Streams compared with their source: all keys counted when it was last swept, and the days of the last comparison that agree.
-- grain: one row per source and stream
WITH keys AS (
    SELECT source, entity, sum(source_count) AS source_count, bool_and(agrees) AS agrees
    FROM ops.reconciliation
    WHERE kind = 'keys'
    GROUP BY source, entity, day
    QUALIFY day = max(day) OVER (PARTITION BY source, entity)
)
SELECT coalesce(k.source, d.source) AS source, coalesce(k.entity, d.entity) AS entity, coalesce(k.source_count, 0) AS source_count,
       coalesce(k.agrees, TRUE) AND coalesce(d.days = d.agreed, TRUE) AS agrees
FROM keys k
FULL JOIN (SELECT * FROM ops.reconciled WHERE status IN ('agrees', 'differs')) d ON d.source = k.source AND d.entity = k.entity
ORDER BY source, entity
