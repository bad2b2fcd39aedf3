-- doc: Data checks of this version and how many rows violate each.
-- grain: one row per check
SELECT "check" AS rule, severity, doc, sum(rows) AS rows
FROM ops.quality_result
GROUP BY ALL
ORDER BY rows DESC, rule
