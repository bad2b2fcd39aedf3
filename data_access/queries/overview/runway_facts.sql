-- doc: How the demand of open deals is known: by their lines, by the customer's usual mix, or not at all.
-- grain: one row
SELECT count(DISTINCT d.opportunity_id) FILTER (WHERE d.basis = 'line') AS deals_with_lines,
       count(DISTINCT d.opportunity_id) FILTER (WHERE d.basis = 'usual_mix') AS deals_by_usual_mix,
       (SELECT count(*) FROM marts.open_deal) - count(DISTINCT d.opportunity_id) AS deals_not_placed
FROM marts.deal_demand d
