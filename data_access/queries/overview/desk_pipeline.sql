-- doc: Open deals expected to close within eight weeks (overdue ones this week), weighted.
-- grain: one row
SELECT coalesce(sum(d.weighted_base), 0) AS pipeline_weighted, coalesce(sum(d.amount_base), 0) AS pipeline_amount,
       count(DISTINCT d.opportunity_id) AS deals
FROM marts.open_deal_category d CROSS JOIN core.company c
WHERE d.close_week < c.today + 56
    AND ($region IS NULL OR list_contains($region, d.region))
    AND ($category IS NULL OR list_contains($category, d.category))
    AND ($owner IS NULL OR list_contains($owner, d.owner))
