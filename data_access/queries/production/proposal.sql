-- doc: The messages somebody chose to propose, as a list to act on in the ERP. Nothing is written there.
-- grain: one row per message of a chosen item and kind
-- lookups: core.product
SELECT m.rank, m.kind, m.product_id, p.sku, p.name, coalesce(p.category, '–') AS category, m.document_no, r.supplier, m.due_date, m.date AS wanted_date,
       m.quantity, p.uom, m.reason, m.value_at_risk, m.value_tied
FROM plan.action_message m
JOIN core.product p ON p.product_id = m.product_id
LEFT JOIN marts.receipt r ON r.document_id = m.document_id AND r.product_id = m.product_id
WHERE list_contains(coalesce($propose, []), m.product_id || '~' || m.kind)
ORDER BY m.rank
