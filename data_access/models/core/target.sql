-- doc: Plan figures: the company's targets file, else what a source carries.
-- grain: one row per metric and period
SELECT metric, period_start, arg_min(value, (source <> 'company', source)) AS value
FROM staging.target
GROUP BY metric, period_start
