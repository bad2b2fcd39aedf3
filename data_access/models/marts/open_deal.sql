-- doc: The open pipeline: amount x probability, from our own win rate at the stage where known, else the CRM's.
-- grain: one row per open opportunity of the pipeline
WITH rated AS (
    SELECT o.source, o.opportunity_id, o.customer_id, o.name, o.owner, o.stage, o.amount_base, o.created_date,
           o.expected_close, coalesce(w.probability, o.probability, 0) AS probability,
           CASE WHEN w.probability IS NOT NULL THEN 'history' ELSE 'crm' END AS probability_from
    FROM core.opportunity o
    LEFT JOIN marts.stage_win_rate w ON w.stage = o.stage
    WHERE o.in_pipeline AND coalesce(o.stage, '') NOT IN ('won', 'lost')
)
SELECT r.*, money(extend(r.amount_base, r.probability, c.digits)) AS weighted_base,
       CAST(date_trunc('week', greatest(r.expected_close, c.today)) AS DATE) AS close_week
FROM rated r CROSS JOIN core.company c
