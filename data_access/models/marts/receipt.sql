-- doc: What is still to come in, bought or made. Overdue receipts are kept but not counted on until somebody gives them a new date.
-- grain: one row per open purchase line or production order
SELECT o.product_id, o.warehouse_id, o.kind, o.document_id, o.document_no, o.supplier, o.expected_date, o.quantity,
       coalesce(o.expected_date < c.today, FALSE) AS is_overdue
FROM (
    SELECT product_id, warehouse_id, 'buy' AS kind, line_id AS document_id, order_no AS document_no, supplier, expected_date,
           CAST(quantity - received_quantity AS DECIMAL(18,6)) AS quantity
    FROM core.purchase_order_line
    WHERE status = 'open' AND quantity > received_quantity
    UNION ALL
    SELECT product_id, warehouse_id, 'make', production_id, production_id, NULL, due_date, quantity
    FROM core.production_order
    WHERE status IN ('planned', 'released', 'running') AND quantity > 0
) o
CROSS JOIN core.company c
WHERE o.product_id IS NOT NULL
