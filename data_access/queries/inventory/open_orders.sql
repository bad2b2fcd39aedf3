-- doc: Open order lines against stock, first wanted first served: from stock in time, from a receipt in time, too late, or from nothing that is known.
-- grain: one row per open order line
-- lookups: core.customer, core.warehouse
SELECT n.document_id AS order_id, n.document_no AS order_no, n.need_id AS line_id, n.customer_id, k.name AS customer, n.product_id, i.sku, i.name AS item, i.category,
       w.code AS warehouse, n.quantity, n.amount_base AS amount, n.wanted_date, y.likely_date,
       CASE WHEN y.likely_date > n.wanted_date THEN y.likely_date - n.wanted_date END AS days_late,
       CASE WHEN NOT coalesce(y.likely_known, FALSE) THEN 'none' WHEN y.likely_date > n.day THEN 'late' WHEN y.from_stock THEN 'stock' ELSE 'receipt' END AS state
FROM marts.need n
JOIN marts.item i ON i.product_id = n.product_id
LEFT JOIN plan.line_promise y ON y.line_id = n.need_id
LEFT JOIN core.customer k ON k.customer_id = n.customer_id
LEFT JOIN core.warehouse w ON w.warehouse_id = n.warehouse_id
WHERE n.kind = 'order' AND ($category IS NULL OR list_contains($category, i.category)) AND ($warehouse IS NULL OR list_contains($warehouse, coalesce(w.code, '–')))
    AND ($region IS NULL OR list_contains($region, coalesce(k.region, '–'))) AND ($owner IS NULL OR list_contains($owner, coalesce(k.owner, '–')))
ORDER BY list_position(['none', 'late', 'receipt', 'stock'], state), amount DESC, n.need_id
