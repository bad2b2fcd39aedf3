-- doc: What of one product is still to come in, the soonest first, what is past its date or has none at the end.
-- grain: one row per open purchase line or production order
-- lookups: core.warehouse
SELECT r.document_id, r.kind, coalesce(nullif(r.document_no, r.document_id), regexp_replace(r.document_id, '^[^:]*:', '')) AS document,
       r.supplier, w.code AS warehouse, w.name AS warehouse_name, r.expected_date, r.quantity, r.is_overdue OR r.expected_date IS NULL AS is_overdue,
       CASE WHEN r.is_overdue THEN c.today - r.expected_date END AS days_late
FROM marts.receipt r
CROSS JOIN core.company c
LEFT JOIN core.warehouse w ON w.warehouse_id = r.warehouse_id
WHERE r.product_id = $item
ORDER BY r.is_overdue OR r.expected_date IS NULL, r.expected_date, r.document_id
