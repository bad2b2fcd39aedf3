-- doc: The figures of the production outlook: plan attainment (of the production due in a month, at cost, what was finished by its day), expected demand of the next four full weeks, the fullest work centre, how far the forecast of eight weeks ago was off, and late production orders. Lists are the small pictures beside them.
-- grain: one row
WITH due AS (
    SELECT CAST(date_trunc('month', o.due_date) AS DATE) AS month, sum(CAST(o.quantity AS DOUBLE) * CAST(p.unit_cost AS DOUBLE)) AS planned,
           coalesce(sum(CAST(o.quantity AS DOUBLE) * CAST(p.unit_cost AS DOUBLE)) FILTER (WHERE o.status = 'done' AND o.finished_date <= o.due_date), 0) AS made
    FROM core.production_order o JOIN core.product p ON p.product_id = o.product_id CROSS JOIN core.company c
    WHERE o.status <> 'cancelled' AND o.due_date < c.today AND o.due_date >= date_trunc('month', c.today) - INTERVAL 13 MONTH
    GROUP BY month
),
attained AS (SELECT month, made / planned AS share FROM due WHERE planned > 0),
ahead AS (
    SELECT sum(mean) FILTER (WHERE n <= 4) AS mean, sum(last_year) FILTER (WHERE n <= 4 AND last_year IS NOT NULL) AS last_year, count(last_year) FILTER (WHERE n <= 4) AS known, list(mean ORDER BY n) AS series
    FROM (SELECT t.mean, t.last_year, row_number() OVER (ORDER BY t.period_start) AS n
          FROM plan.demand_total t CROSS JOIN core.company c WHERE t.mean IS NOT NULL AND t.period_start > c.today)
    WHERE n <= 10
),
load AS (
    SELECT l.work_center_id, w.name, l.period_start, l.required_hours / l.available_hours AS share, l.required_hours - l.available_hours AS short
    FROM plan.capacity_load l JOIN core.work_center w ON w.work_center_id = l.work_center_id CROSS JOIN core.company c
    WHERE l.available_hours > 0 AND l.period_start < date_trunc('week', c.today) + INTERVAL 10 WEEK
),
peak AS (FROM load ORDER BY share DESC, work_center_id, period_start LIMIT 1),
error AS (
    SELECT sum(abs(mean - actual)) / nullif(sum(actual), 0) AS wape, sum(abs(naive - actual)) / nullif(sum(actual), 0) AS naive_wape,
           list(abs(mean - actual) / nullif(actual, 0) ORDER BY period_start) AS series
    FROM plan.forecast_recalled WHERE product_id IS NULL
),
point AS (SELECT k.point, k.day FROM marts.kpi_day k),
late AS (
    SELECT p.point, count(o.production_id) AS late
    FROM point p LEFT JOIN core.production_order o ON o.due_date < p.day AND coalesce(o.finished_date, DATE '9999-12-31') > p.day AND o.status NOT IN ('cancelled', 'draft')
        AND coalesce(o.start_date, o.due_date) <= p.day
    GROUP BY p.point
),
open AS (
    SELECT count(*) AS open, count(*) FILTER (WHERE o.due_date < c.today) AS late FROM core.production_order o CROSS JOIN core.company c
    WHERE o.status IN ('planned', 'released', 'running')
)
SELECT (SELECT share FROM attained WHERE month = date_trunc('month', c.today)) AS attainment,
       (SELECT share FROM attained WHERE month = date_trunc('month', c.today) - INTERVAL 1 MONTH) AS attainment_before,
       (SELECT list(share ORDER BY month) FROM attained) AS attainment_series,
       a.mean AS expected, CASE WHEN a.known = 4 THEN a.last_year END AS expected_last_year, a.series AS expected_series,
       k.name AS work_center, k.share AS utilisation, k.period_start AS peak_week, k.short AS hours_short,
       (SELECT list(share ORDER BY period_start) FROM load WHERE work_center_id = k.work_center_id) AS load_series,
       e.wape, e.naive_wape, e.series AS error_series, o.late, o.open, (SELECT list(late ORDER BY point) FROM late) AS late_series
FROM core.company c CROSS JOIN ahead a CROSS JOIN error e CROSS JOIN open o LEFT JOIN peak k ON TRUE
