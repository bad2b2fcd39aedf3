-- doc: The sparkline points of the headline figures, oldest first.
-- grain: one row per metric
SELECT metric, list(value ORDER BY point) AS series FROM marts.kpi_series GROUP BY metric
