-- doc: What is ordered from suppliers.
-- grain: one row per purchase order line
SELECT l.source, gid(l.source, l.order_id) AS order_id, l.order_no, gid(l.source, l.line_id) AS line_id, l.supplier,
       p.product_id, gid(l.source, l.warehouse_id) AS warehouse_id, l.quantity,
       coalesce(l.received_quantity, 0) AS received_quantity, l.order_date, l.expected_date, l.status,
       l.unit_price, l.currency
FROM staging.purchase_order_line l
LEFT JOIN core.product p ON p.product_id = gid(l.source, l.product_id)
