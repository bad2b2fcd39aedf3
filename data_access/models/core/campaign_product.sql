-- doc: What a campaign means to sell.
-- grain: one row per campaign and product
SELECT gid(t.source, t.campaign_id) AS campaign_id, p.product_id, t.planned_quantity, t.discount, t.source
FROM staging.campaign_product t
LEFT JOIN core.product_sku p ON p.sku = t.product_sku
