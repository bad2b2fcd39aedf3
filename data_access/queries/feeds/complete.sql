-- doc: Keys counted in the source against rows held here, when each stream was last compared.
-- grain: one row per source and stream
SELECT source, entity, day, sum(source_count) AS source_count, sum(warehouse_count) AS warehouse_count
FROM ops.reconciliation
GROUP BY source, entity, day
QUALIFY day = max(day) OVER (PARTITION BY source, entity)
ORDER BY source, entity
