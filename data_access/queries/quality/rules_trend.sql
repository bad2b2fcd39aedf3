-- doc: Pass rates by day, weighted by severity, of all rules (severity all) and of those of each severity.
-- grain: one row per day and severity
SELECT day, coalesce(severity, 'all') AS severity, sum(pass_rate * weight) / sum(weight) FILTER (WHERE pass_rate IS NOT NULL) AS pass_rate,
       count(*) AS rules, count(*) FILTER (WHERE NOT passed) AS rules_failed
FROM ops.quality_history
GROUP BY GROUPING SETS ((day, severity), (day))
ORDER BY day, list_position(['all', 'gate', 'high', 'medium', 'low'], coalesce(severity, 'all'))
