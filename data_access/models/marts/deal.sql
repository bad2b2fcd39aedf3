-- doc: Every deal of the pipeline with what it can be narrowed by. Open ones also with their weight, how long they stand in their stage, and since when their next step is overdue: the expected close has passed, or for 14 days nothing happened and nothing is planned.
-- grain: one row per opportunity of the pipeline
-- lookups: core.customer
WITH stay AS (
    SELECT opportunity_id, max(entered_date) AS entered_date,
           min(entered_date) FILTER (WHERE stage = 'proposal') AS quoted_date, count(*) AS stays
    FROM marts.stage_visit
    GROUP BY opportunity_id
),
contact AS (
    SELECT a.opportunity_id, max(v.day) FILTER (WHERE v.day <= c.today) AS touched, min(v.day) FILTER (WHERE v.day > c.today) AS planned
    FROM core.activity a
    CROSS JOIN core.company c
    CROSS JOIN LATERAL (SELECT CAST(timezone(c.timezone, a.happened_at) AS DATE) AS day) v
    WHERE a.opportunity_id IS NOT NULL
    GROUP BY a.opportunity_id
),
known AS (
    SELECT o.opportunity_id, o.source, o.customer_id, o.name, coalesce(k.name, '–') AS customer, coalesce(k.region, '–') AS region,
           coalesce(k.owner, '–') AS owner, coalesce(o.owner, k.owner, '–') AS deal_owner, coalesce(k.segment, '–') AS segment, coalesce(o.stage, '–') AS stage,
           coalesce(o.stage, '') NOT IN ('won', 'lost') AS is_open, o.amount_base, o.created_date, o.expected_close, o.closed_date,
           s.quoted_date, coalesce(s.stays, 0) AS stays,
           coalesce(s.entered_date, o.created_date) AS since,
           greatest(a.touched, s.entered_date, o.created_date) AS touched, a.planned, c.today
    FROM core.opportunity o
    CROSS JOIN core.company c
    LEFT JOIN core.customer k ON k.customer_id = o.customer_id
    LEFT JOIN stay s ON s.opportunity_id = o.opportunity_id
    LEFT JOIN contact a ON a.opportunity_id = o.opportunity_id
    WHERE o.in_pipeline
),
step AS (
    SELECT *, CASE WHEN is_open AND expected_close < today THEN expected_close END AS close_passed,
           CASE WHEN is_open AND planned IS NULL AND touched + 14 < today THEN touched + 14 END AS silent
    FROM known
)
SELECT p.opportunity_id, p.source, p.customer_id, p.customer, p.name, p.region, p.owner, p.segment, p.deal_owner, p.stage, p.is_open, p.amount_base,
       d.weighted_base, d.probability, d.probability_from, p.created_date, p.expected_close, p.closed_date, p.quoted_date, p.stays,
       CASE WHEN p.is_open THEN greatest(p.today - p.since, 0) END AS days_in_stage, CASE WHEN p.is_open THEN p.touched END AS touched_date,
       p.planned AS planned_date, least(p.close_passed, p.silent) AS overdue_since,
       CASE WHEN p.close_passed <= coalesce(p.silent, p.close_passed) THEN 'close_passed' WHEN p.silent IS NOT NULL THEN 'silent' END
           AS overdue_reason
FROM step p
LEFT JOIN marts.open_deal d ON d.opportunity_id = p.opportunity_id
