-- doc: Who waits for one product: open order lines as promised, and open deals with it as they are expected to close.
-- grain: one row per open order line or open deal
-- lookups: core.customer, core.warehouse
SELECT 'erp' AS system, l.order_id AS entity_id, l.line_id, l.order_no AS document, l.customer_id, k.name AS customer, w.code AS warehouse,
       l.quantity - l.shipped_quantity AS quantity, coalesce(l.promised_date, l.requested_date) AS wanted_date, CAST(1 AS DOUBLE) AS probability,
       money(share(l.amount_base, l.quantity - l.shipped_quantity, l.quantity, c.digits)) AS amount,
       y.likely_date, y.likely_known
FROM core.sales_order_line l
CROSS JOIN core.company c
LEFT JOIN plan.line_promise y ON y.line_id = l.line_id
LEFT JOIN core.customer k ON k.customer_id = l.customer_id
LEFT JOIN core.warehouse w ON w.warehouse_id = l.warehouse_id
WHERE l.status = 'open' AND l.quantity > l.shipped_quantity AND l.product_id = $item
UNION ALL
SELECT 'crm', d.opportunity_id, NULL, any_value(d.name), any_value(d.customer_id), any_value(k.name), NULL, sum(o.quantity), any_value(d.expected_close),
       CAST(any_value(d.probability) AS DOUBLE), sum(o.amount_base), NULL, NULL
FROM core.opportunity_line o
JOIN marts.open_deal d ON d.opportunity_id = o.opportunity_id
LEFT JOIN core.customer k ON k.customer_id = d.customer_id
WHERE o.product_id = $item AND o.quantity > 0
GROUP BY d.opportunity_id
ORDER BY system DESC, wanted_date NULLS LAST, document, line_id
