-- doc: What is still to be shipped of open orders, and when: as promised, else as requested, else as ordered.
-- grain: one row per open order line
SELECT product_id, line_id, warehouse_id, quantity - shipped_quantity AS quantity,
       coalesce(promised_date, requested_date, order_date) AS wanted_date
FROM core.sales_order_line
WHERE status = 'open' AND quantity > shipped_quantity AND product_id IN (SELECT unnest(CAST($products AS VARCHAR[])))
ORDER BY product_id, line_id
