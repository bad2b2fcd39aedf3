-- doc: Purchases and production past their date and not in; they are not counted on until they have a new date.
-- grain: one row per open purchase line or production order
-- severity: warn
SELECT kind, document_id, document_no, supplier, product_id, expected_date, quantity FROM marts.receipt WHERE is_overdue
