-- doc: The open deals that would change a plan most: what their large lines are worth at net price.
-- grain: one row per open deal, the twenty largest
-- lookups: core.customer
SELECT d.opportunity_id, o.name, k.name AS customer, o.stage, o.probability, sum(d.quantity * CAST(p.net_price AS DOUBLE)) AS amount, min(d.week_start) AS week_start
FROM marts.deal_term d
JOIN marts.open_deal o ON o.opportunity_id = d.opportunity_id
JOIN marts.item_price p ON p.product_id = d.product_id
LEFT JOIN core.customer k ON k.customer_id = o.customer_id
GROUP BY d.opportunity_id, o.name, k.name, o.stage, o.probability
ORDER BY amount DESC, d.opportunity_id
LIMIT 20
