-- doc: What is still to come in of some products, overdue receipts included.
-- grain: one row per open purchase line or production order
SELECT product_id, kind, coalesce(nullif(document_no, document_id), regexp_replace(document_id, '^[^:]*:', '')) AS document, supplier, expected_date, quantity, warehouse_id
FROM marts.receipt
WHERE product_id IN (SELECT unnest(CAST($products AS VARCHAR[])))
ORDER BY product_id, kind, document_id
