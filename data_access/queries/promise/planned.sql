-- doc: Planned work orders that can still begin in time: the plan keeps their parts.
-- grain: one row per planned work order of a product asked for
SELECT product_id, due_date, quantity
FROM plan.planned_order
WHERE kind = 'make' AND days_late = 0 AND product_id IN (SELECT unnest(CAST($products AS VARCHAR[])))
ORDER BY product_id, due_date
