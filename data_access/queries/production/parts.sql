-- doc: Demand by the customers' region and by warehouse: the last 26 full weeks, what is expected of the next 12, a week on average, and against the same 12 weeks of last year. Each is forecast by itself and scaled to the total.
-- grain: one row per region and per warehouse, the largest first
-- lookups: core.warehouse
WITH week AS (
    SELECT d.kind, d.part, d.period_start, d.actual, d.mean, d.lo80, d.hi80, (d.period_start - CAST(date_trunc('week', c.today) AS DATE)) // 7 AS n
    FROM plan.demand_part d CROSS JOIN core.company c
),
told AS (
    SELECT kind, part, list(coalesce(actual, mean) ORDER BY n) FILTER (WHERE n >= -26 AND n < 12) AS series, avg(actual) FILTER (WHERE n >= -12 AND n < 0) AS recent,
           avg(mean) FILTER (WHERE n >= 0 AND n < 12) AS expected, avg(lo80) FILTER (WHERE n >= 0 AND n < 12) AS lo80, avg(hi80) FILTER (WHERE n >= 0 AND n < 12) AS hi80,
           avg(actual) FILTER (WHERE n >= -52 AND n < -40) AS last_year
    FROM week
    GROUP BY kind, part
)
SELECT t.kind, t.part, coalesce(w.name, t.part) AS name, t.recent AS recent_base, t.expected AS expected_base, t.lo80, t.hi80, t.last_year,
       t.expected / nullif(sum(t.expected) OVER (PARTITION BY t.kind), 0) AS share, t.expected / nullif(t.last_year, 0) - 1 AS change, t.series
FROM told t
LEFT JOIN core.warehouse w ON t.kind = 'warehouse' AND w.warehouse_id = t.part
WHERE t.expected > 0 OR t.recent > 0
ORDER BY t.kind, t.expected DESC, t.part
