-- doc: Stock older than 180 days, at cost, and who or what could take it.
-- grain: one row per product with old stock
-- lookups: core.customer, core.warehouse
SELECT o.product_id, p.sku, p.name, coalesce(p.category, '–') AS category, o.old_value, o.old_quantity, o.pace, o.last_out_date, o.cover_weeks, o.taker,
       o.deals, k.name AS customer, o.document_no, w.name AS to_warehouse, o.buyers, o.asking
FROM marts.old_stock o
JOIN core.product p ON p.product_id = o.product_id
LEFT JOIN core.customer k ON k.customer_id = o.customer_id
LEFT JOIN core.warehouse w ON w.warehouse_id = o.to_warehouse_id
WHERE $category IS NULL OR list_contains($category, coalesce(p.category, '–'))
ORDER BY o.old_value DESC, o.product_id
