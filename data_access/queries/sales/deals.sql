-- doc: Open deals, those whose next step is overdue longest first, then by weight. status: overdue or on_track.
-- grain: one row per open deal
SELECT d.customer, d.name, d.stage, d.amount_base, d.weighted_base, CAST(d.probability AS DOUBLE) AS probability, d.days_in_stage, d.expected_close,
       d.touched_date, d.planned_date, d.overdue_since, c.today - d.overdue_since AS days, d.overdue_reason, d.deal_owner, d.owner, d.region, d.segment,
       d.opportunity_id, d.customer_id
FROM marts.deal d CROSS JOIN core.company c
WHERE d.is_open AND ($stage IS NULL OR list_contains($stage, d.stage))
    AND ($status IS NULL OR list_contains($status, CASE WHEN d.overdue_since IS NULL THEN 'on_track' ELSE 'overdue' END))
    AND ($region IS NULL OR list_contains($region, d.region)) AND ($owner IS NULL OR list_contains($owner, d.owner))
    AND ($segment IS NULL OR list_contains($segment, d.segment))
ORDER BY d.overdue_since NULLS LAST, d.weighted_base DESC NULLS LAST, d.opportunity_id
