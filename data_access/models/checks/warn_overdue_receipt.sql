-- doc: Purchases and production past their date and not in; they are not counted on until they have a new date.
-- grain: one row per open purchase line or production order
-- severity: low
-- title_zh: 已过期未到的采购和生产；在给出新日期前不计入供应。
-- table: marts.receipt
SELECT kind, document_id, document_no, supplier, product_id, expected_date, quantity FROM marts.receipt WHERE is_overdue
