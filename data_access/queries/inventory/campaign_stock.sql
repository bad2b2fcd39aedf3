-- doc: Campaigns that run or are planned, product by product: how long stock lasts, the gap inside the campaign, the next receipt, the margin at stake and what to do.
-- grain: one row per campaign and product
SELECT c.campaign_id, c.name AS campaign, c.status, c.start_date, c.end_date, c.product_id, p.sku, p.name, coalesce(p.category, '–') AS category, c.discount,
       c.planned_quantity, c.wanted, c.missing, c.out_date, c.missing_from, c.missing_to, i.next_receipt_date, c.supplied_date, c.margin_at_stake,
       c.advice, CASE WHEN c.missing = 0 THEN least(greatest(c.wanted - c.expected, 0) * CAST(i.net_price AS DOUBLE), CAST(i.over_10_weeks_value AS DOUBLE)) END AS frees
FROM marts.campaign_item c
JOIN core.product p ON p.product_id = c.product_id
LEFT JOIN marts.item i ON i.product_id = c.product_id
WHERE $category IS NULL OR list_contains($category, coalesce(p.category, '–'))
ORDER BY c.start_date, c.campaign_id, c.margin_at_stake DESC, c.product_id
