-- doc: The weighted pipeline on the 14 weekly points, deal by deal: open on that day at the stage it had. Amounts are today's: sources keep no history of them.
-- grain: one row per weekly point and deal open then
WITH open_then AS (
    SELECT p.day, p.point, d.opportunity_id, d.region, d.owner, d.segment, d.amount_base, o.probability, CASE WHEN d.is_open THEN o.stage END AS stage_now
    FROM marts.kpi_day p
    JOIN marts.deal d ON d.created_date <= p.day AND (d.closed_date IS NULL OR d.closed_date > p.day)
    JOIN core.opportunity o ON o.opportunity_id = d.opportunity_id
    WHERE NOT p.is_today AND (d.closed_date IS NOT NULL OR d.is_open)
),
staged AS (
    SELECT t.*, coalesce(v.stage, t.stage_now) AS stage, CASE WHEN t.stage_now IS NOT NULL THEN t.probability END AS probability_now
    FROM open_then t
    -- An OR here would compare every deal with every visit.
    LEFT JOIN marts.stage_visit v ON v.opportunity_id = t.opportunity_id AND v.entered_date <= t.day
        AND coalesce(v.left_date, DATE '9999-12-31') > t.day
)
SELECT s.day, s.point, s.opportunity_id, s.region, s.owner, s.segment,
       extend(s.amount_base, coalesce(w.probability, s.probability_now, (SELECT any_value(overall) FROM marts.stage_win_rate), 0), c.digits)
           AS weighted_base
FROM staged s
LEFT JOIN marts.stage_win_rate w ON w.stage = s.stage
CROSS JOIN core.company c
UNION ALL
SELECT p.day, p.point, d.opportunity_id, d.region, d.owner, d.segment, d.weighted_base
FROM marts.deal d JOIN marts.kpi_day p ON p.is_today
WHERE d.is_open
