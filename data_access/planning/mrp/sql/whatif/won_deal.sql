-- doc: What one open deal wants, and what the plan counts of it already: a large deal's weighted quantity in its week.
-- grain: one row per product of the deal
SELECT d.product_id, CAST(sum(d.quantity) AS DOUBLE) AS quantity, coalesce(any_value(t.weighted_quantity), 0) AS counted, any_value(t.week_start) AS week_start
FROM marts.deal_demand d
LEFT JOIN marts.deal_term t ON t.opportunity_id = d.opportunity_id AND t.product_id = d.product_id
WHERE d.opportunity_id = $opportunity
GROUP BY d.product_id
ORDER BY d.product_id
