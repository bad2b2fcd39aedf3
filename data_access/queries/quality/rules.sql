-- doc: Every data-quality rule on the published data: what it looked at, what failed, whose it is. sample: JSON of at most 20 failing rows.
-- grain: one row per rule
SELECT rule, title, coalesce(title_zh, title) AS title_zh, kind, severity, owner, source, rows_checked, rows_failed, pass_rate, min_pass,
       passed, sample, error, checked_at
FROM ops.quality_result
ORDER BY passed, list_position(['gate', 'high', 'medium', 'low'], severity), pass_rate NULLS LAST, rule
