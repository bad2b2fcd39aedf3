-- doc: Where one product lies, what is ordered from there and what is to come in there; overdue receipts apart.
-- grain: one row per warehouse that holds it, ships it or gets it
-- lookups: core.warehouse
WITH held AS (SELECT warehouse_id, quantity FROM core.stock_on_hand WHERE product_id = $item),
ordered AS (
    SELECT warehouse_id, sum(quantity - shipped_quantity) AS quantity, count(DISTINCT order_id) AS orders FROM core.sales_order_line
    WHERE status = 'open' AND quantity > shipped_quantity AND product_id = $item
    GROUP BY warehouse_id
),
coming AS (
    SELECT warehouse_id, sum(quantity) FILTER (WHERE NOT is_overdue AND expected_date IS NOT NULL) AS quantity,
           min(expected_date) FILTER (WHERE NOT is_overdue) AS next_date, sum(quantity) FILTER (WHERE is_overdue OR expected_date IS NULL) AS overdue
    FROM marts.receipt
    WHERE product_id = $item
    GROUP BY warehouse_id
),
place AS (SELECT warehouse_id FROM held UNION SELECT warehouse_id FROM ordered UNION SELECT warehouse_id FROM coming)
SELECT p.warehouse_id, w.code AS warehouse, w.name AS warehouse_name, coalesce(h.quantity, 0) AS on_hand, coalesce(o.quantity, 0) AS ordered_quantity,
       coalesce(o.orders, 0) AS orders_waiting, coalesce(c.quantity, 0) AS receipt_quantity, c.next_date AS next_receipt_date,
       coalesce(c.overdue, 0) AS overdue_quantity
FROM place p
LEFT JOIN core.warehouse w ON w.warehouse_id = p.warehouse_id
LEFT JOIN held h ON h.warehouse_id IS NOT DISTINCT FROM p.warehouse_id
LEFT JOIN ordered o ON o.warehouse_id IS NOT DISTINCT FROM p.warehouse_id
LEFT JOIN coming c ON c.warehouse_id IS NOT DISTINCT FROM p.warehouse_id
ORDER BY on_hand DESC, w.code
