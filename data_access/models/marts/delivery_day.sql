-- doc: Lines due by promised date, and those whose last shipment was no later.
-- grain: one row per promised day
SELECT promised_date AS day, count(*) AS lines_due, count(*) FILTER (WHERE is_on_time) AS lines_on_time
FROM marts.delivery
GROUP BY promised_date
