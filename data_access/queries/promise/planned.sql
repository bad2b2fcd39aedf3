-- doc: Planned work orders that can still begin in time: the plan keeps their parts.
-- grain: one row per planned work order of a product asked for
-- lookups: plan.planned_order
SELECT o.product_id, o.due_date, o.quantity
FROM plan.planned_order o
JOIN core.product p ON p.product_id = o.product_id AND p.supply = 'make'
WHERE o.days_late = 0 AND o.product_id IN (SELECT unnest(CAST($products AS VARCHAR[])))
ORDER BY o.product_id, o.due_date
