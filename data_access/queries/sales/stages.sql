-- doc: Open deals by stage: value by time in the stage, weight, how long they stand there against how long won deals stood there, the win rate the weight uses, and overdue next steps.
-- grain: one row per open stage
WITH deal AS (
    SELECT d.* FROM marts.deal d
    WHERE ($region IS NULL OR list_contains($region, d.region)) AND ($owner IS NULL OR list_contains($owner, d.owner))
        AND ($segment IS NULL OR list_contains($segment, d.segment))
),
standing AS (
    SELECT stage, count(*) AS deals, coalesce(sum(amount_base), 0) AS amount_base, coalesce(sum(weighted_base), 0) AS weighted_base,
           coalesce(sum(amount_base) FILTER (WHERE days_in_stage <= 30), 0) AS amount_30_days,
           coalesce(sum(amount_base) FILTER (WHERE days_in_stage BETWEEN 31 AND 60), 0) AS amount_60_days,
           coalesce(sum(amount_base) FILTER (WHERE days_in_stage BETWEEN 61 AND 90), 0) AS amount_90_days,
           coalesce(sum(amount_base) FILTER (WHERE days_in_stage > 90), 0) AS amount_older,
           coalesce(sum(amount_base) FILTER (WHERE days_in_stage IS NULL), 0) AS amount_no_date,
           median(days_in_stage) AS days_now, count(overdue_since) AS overdue_deals,
           CAST(avg(probability) AS DOUBLE) AS probability, bool_and(probability_from = 'history') AS is_measured
    FROM deal WHERE is_open GROUP BY stage
),
won AS (
    SELECT v.stage, median(v.days) AS days_won, count(*) AS won_stays
    FROM marts.stage_visit v JOIN deal d ON d.opportunity_id = v.opportunity_id
    WHERE d.stage = 'won' AND v.days IS NOT NULL
    GROUP BY v.stage
),
stage AS (
    SELECT unnest(['lead', 'qualified', 'proposal', 'negotiation']) AS stage
    UNION SELECT stage FROM standing
)
SELECT g.stage, coalesce(s.deals, 0) AS deals, coalesce(s.amount_base, 0) AS amount_base, coalesce(s.weighted_base, 0) AS weighted_base,
       coalesce(s.amount_30_days, 0) AS amount_30_days, coalesce(s.amount_60_days, 0) AS amount_60_days,
       coalesce(s.amount_90_days, 0) AS amount_90_days, coalesce(s.amount_older, 0) AS amount_older,
       coalesce(s.amount_no_date, 0) AS amount_no_date, s.days_now, w.days_won, w.won_stays,
       coalesce(CAST(r.probability AS DOUBLE), s.probability) AS win_rate, coalesce(r.stage IS NOT NULL, s.is_measured) AS is_measured,
       coalesce(s.overdue_deals, 0) AS overdue_deals
FROM stage g
LEFT JOIN standing s ON s.stage = g.stage
LEFT JOIN won w ON w.stage = g.stage
LEFT JOIN marts.stage_win_rate r ON r.stage = g.stage
ORDER BY list_position(['lead', 'qualified', 'proposal', 'negotiation'], g.stage) NULLS LAST, g.stage
