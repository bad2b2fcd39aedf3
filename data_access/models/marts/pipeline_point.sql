-- doc: The weighted pipeline on the 14 weekly points: deals open at the end of that day at the stage they had. Amounts are today's: sources keep no history of them.
-- grain: one row per weekly point
WITH open_then AS (
    SELECT d.day, d.point, timezone(c.timezone, CAST(d.day + 1 AS TIMESTAMP)) AS midnight, o.opportunity_id, o.amount_base, o.probability,
           CASE WHEN coalesce(o.stage, '') NOT IN ('won', 'lost') THEN o.stage END AS stage_now
    FROM marts.kpi_day d
    JOIN core.opportunity o ON o.created_date <= d.day AND (o.closed_date IS NULL OR o.closed_date > d.day)
    CROSS JOIN core.company c
    WHERE o.in_pipeline AND NOT d.is_today AND (o.closed_date IS NOT NULL OR coalesce(o.stage, '') NOT IN ('won', 'lost'))
),
-- Of stages entered at the same instant the furthest counts.
entered AS (
    SELECT opportunity_id, entered_at,
           arg_max(stage, coalesce(list_position(['lead', 'qualified', 'proposal', 'negotiation', 'won', 'lost'], stage), 0)) AS stage
    FROM core.opportunity_stage_history
    WHERE entered_at IS NOT NULL
    GROUP BY opportunity_id, entered_at
),
staged AS (
    SELECT t.day, t.point, t.amount_base, coalesce(e.stage, t.stage_now) AS stage,
           CASE WHEN t.stage_now IS NOT NULL THEN t.probability END AS probability_now
    FROM open_then t
    ASOF LEFT JOIN entered e ON e.opportunity_id = t.opportunity_id AND e.entered_at < t.midnight
),
weighted AS (
    SELECT s.day, s.point,
           extend(s.amount_base, coalesce(w.probability, s.probability_now, (SELECT any_value(overall) FROM marts.stage_win_rate), 0),
                  c.digits) AS weighted_base
    FROM staged s
    LEFT JOIN marts.stage_win_rate w ON w.stage = s.stage
    CROSS JOIN core.company c
)
SELECT day, point, money(sum(weighted_base)) AS weighted_base FROM weighted GROUP BY day, point
UNION ALL
SELECT d.day, d.point, money(sum(o.weighted_base))
FROM marts.open_deal o JOIN marts.kpi_day d ON d.is_today
GROUP BY d.day, d.point
