-- doc: Large open deals that no forecast knows of, weighted, in the week they are expected to be won.
-- grain: one row per open opportunity and product
SELECT opportunity_id, product_id, week_start, weighted_quantity
FROM marts.deal_term
WHERE weighted_quantity > 0
ORDER BY ALL
