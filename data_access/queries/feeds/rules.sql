-- doc: Data rules of this version that do not hold, the gravest first.
-- grain: one row per rule
SELECT rule, title, title_zh, severity, owner, rows_failed, source
FROM ops.quality_result
WHERE NOT passed
ORDER BY weight DESC, rows_failed DESC, rule
