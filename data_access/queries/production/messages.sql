-- doc: What the plan asks for, the most money at risk first: which order to move, add to, take from or place, until when, and why. item_at_risk: of all messages about the item.
-- grain: one row per message
-- lookups: core.product
SELECT m.rank, m.kind, m.product_id, p.sku, p.name, coalesce(p.category, '–') AS category, m.document_id, m.document_no, m.due_date, m.date AS wanted_date,
       m.quantity, m.reason, m.value_at_risk, m.value_tied, sum(m.value_at_risk) OVER (PARTITION BY m.product_id) AS item_at_risk,
       coalesce(w.orders, 0) AS orders_waiting, p.supply
FROM plan.action_message m
JOIN core.product p ON p.product_id = m.product_id
LEFT JOIN (
    SELECT l.product_id, count(DISTINCT s.order_id) AS orders FROM plan.waiting_line l JOIN core.sales_order_line s ON s.line_id = l.line_id GROUP BY l.product_id
) w ON w.product_id = m.product_id
WHERE ($category IS NULL OR list_contains($category, coalesce(p.category, '–'))) AND ($sku IS NULL OR list_contains($sku, p.sku))
    AND ($status IS NULL OR list_contains($status, m.kind))
ORDER BY m.rank
