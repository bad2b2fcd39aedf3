-- doc: What a planner has set for single items over the ERP's parameters; NULL where the ERP's stays, product_id NULL where no product has the SKU. cover_weeks: needs of how many weeks one order covers.
-- grain: one row per SKU with a rule
SELECT r.sku, p.product_id, r.lead_time_days, r.safety_stock, r.service_level, r.min_order_qty, r.order_multiple, r.cover_weeks
FROM staging.item_rule r
LEFT JOIN core.product_sku p ON p.sku = r.sku
