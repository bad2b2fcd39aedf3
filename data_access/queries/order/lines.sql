-- doc: The lines of one order: what is shipped, what was promised, and what is on hand where it ships from.
-- grain: one row per order line, in the order's own order
-- lookups: core.warehouse
WITH moved AS (
    SELECT line_id, min(effective_date) AS first_shipment, sum(revenue_base) AS shipped FROM core.shipment WHERE order_id = $order GROUP BY line_id
),
late AS (SELECT line_id, is_on_time, days_late FROM marts.delivery WHERE order_id = $order),
stock AS (
    SELECT product_id, warehouse_id, quantity, sum(quantity) OVER (PARTITION BY product_id) AS everywhere FROM core.stock_on_hand
    WHERE product_id IN (SELECT product_id FROM core.sales_order_line WHERE order_id = $order)
)
SELECT l.line_id, l.product_id, p.sku, coalesce(p.name, '–') AS name, p.uom, w.code AS warehouse, w.name AS warehouse_name, l.status, l.quantity,
       l.shipped_quantity, l.requested_date, l.promised_date, m.first_shipment, l.shipped_date, d.is_on_time, coalesce(d.days_late, 0) AS days_late,
       l.amount_base AS amount, l.amount AS amount_in_currency, l.currency, coalesce(m.shipped, 0) AS shipped,
       CASE WHEN l.product_id IS NOT NULL THEN coalesce(s.quantity, 0) END AS on_hand_here,
       CASE WHEN l.product_id IS NOT NULL THEN coalesce((SELECT any_value(e.everywhere) FROM stock e WHERE e.product_id = l.product_id), 0) END AS on_hand,
       CASE WHEN l.status = 'open' THEN y.likely_date ELSE l.shipped_date END AS likely_date, l.status <> 'open' OR coalesce(y.likely_known, FALSE) AS likely_known,
       date_diff('day', l.promised_date, CASE WHEN l.status = 'open' THEN y.likely_date ELSE l.shipped_date END) AS likely_days_late
FROM core.sales_order_line l
LEFT JOIN core.product p ON p.product_id = l.product_id
LEFT JOIN core.warehouse w ON w.warehouse_id = l.warehouse_id
LEFT JOIN moved m ON m.line_id = l.line_id
LEFT JOIN late d ON d.line_id = l.line_id
LEFT JOIN stock s ON s.product_id = l.product_id AND s.warehouse_id = l.warehouse_id
LEFT JOIN plan.line_promise y ON y.line_id = l.line_id
WHERE l.order_id = $order
ORDER BY try_cast(regexp_replace(l.line_id, '^[^:]*:', '') AS BIGINT) NULLS LAST, l.line_id
