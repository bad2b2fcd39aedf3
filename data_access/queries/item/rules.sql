-- doc: What an item is planned with and where each parameter comes from; measured: the safety stock that its forecast's errors ask for at the service level.
-- grain: one row, none for a product that is not planned
-- lookups: plan.item_protection
SELECT q.lead_time_days, q.lead_time_from, q.cumulative_lead_time_days, q.safety_stock, q.safety_from, ceil(e.measured) AS measured, e.service_level,
       q.min_order_qty, q.order_multiple, q.cover_weeks, q.reorder_point, q.order_up_to
FROM plan.item_parameter q
LEFT JOIN plan.item_protection e ON e.product_id = q.product_id
WHERE q.product_id = $item
