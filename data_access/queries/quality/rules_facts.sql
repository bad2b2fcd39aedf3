-- doc: The rules in one figure: pass rates weighted by severity (low 1, medium 2, high 4, gate 8), and how many fail.
-- grain: one row
SELECT sum(pass_rate * weight) / sum(weight) FILTER (WHERE pass_rate IS NOT NULL) AS rules_pass, count(*) AS rules,
       count(*) FILTER (WHERE NOT passed) AS rules_failed,
       count(*) FILTER (WHERE NOT passed AND severity IN ('high', 'gate')) AS rules_failed_high
FROM ops.quality_result
