-- doc: What is still to come in, bought or made, with the day work on it begins. A running production order has begun and taken its components.
-- grain: one row per open purchase line or production order
SELECT 'buy' AS kind, line_id AS document_id, order_no AS document_no, supplier, product_id, expected_date AS due_date,
       CAST(NULL AS DATE) AS start_date, TRUE AS is_started, CAST(quantity - received_quantity AS DOUBLE) AS quantity
FROM core.purchase_order_line
WHERE status = 'open' AND quantity > received_quantity AND product_id IS NOT NULL
UNION ALL
SELECT 'make', production_id, production_id, NULL, product_id, due_date, start_date, status = 'running', CAST(quantity AS DOUBLE)
FROM core.production_order
WHERE status IN ('planned', 'released', 'running') AND quantity > 0 AND product_id IS NOT NULL
ORDER BY ALL
