-- doc: The time that stock of a product has to bridge, and how surely: lead time and review in whole weeks, the deviation of the lead time in weeks.
-- grain: one row per product
SELECT l.product_id, greatest(CAST(ceil((l.lead_time_days + c.review_days) / 7) AS BIGINT), 1) AS weeks,
       coalesce(r.service_level, c.service_level) AS service_level, l.deviation_days / 7 AS deviation
FROM marts.lead_time l
CROSS JOIN core.plan_rule c
LEFT JOIN core.item_rule r ON r.product_id = l.product_id
