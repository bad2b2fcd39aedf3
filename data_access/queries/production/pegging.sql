-- doc: Which customers' orders wait for an item that is short, at every level of the bill of material: path leads from the short item up to the ordered one.
-- grain: one row per short item and order line that waits
-- lookups: core.customer, core.product
SELECT l.product_id, p.sku, p.name, l.period_start AS week_start, l.path, s.order_id, s.order_no, s.line_id, k.customer_id, k.name AS customer,
       coalesce(s.promised_date, s.requested_date) AS wanted_date, l.quantity, l.blocked,
       CASE WHEN s.quantity <> 0 THEN CAST(s.amount_base AS DOUBLE) * l.quantity / CAST(s.quantity AS DOUBLE) END AS amount
FROM plan.waiting_line l
JOIN core.product p ON p.product_id = l.product_id
JOIN core.sales_order_line s ON s.line_id = l.line_id
LEFT JOIN core.customer k ON k.customer_id = s.customer_id
WHERE ($category IS NULL OR list_contains($category, coalesce(p.category, '–'))) AND ($sku IS NULL OR list_contains($sku, p.sku))
ORDER BY amount DESC NULLS LAST, l.product_id, l.line_id
