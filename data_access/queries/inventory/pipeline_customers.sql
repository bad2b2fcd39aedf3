-- doc: Which customers would go without, of what, from when and for how much: the last in the queue of each item.
-- grain: one row per product and customer
-- lookups: core.customer
SELECT n.product_id, i.sku, i.name, n.customer_id, coalesce(k.name, '') AS customer, min(n.day) AS day, sum(n.short) AS short,
       CAST(sum(n.short) AS DOUBLE) * CAST(any_value(i.net_price) AS DOUBLE) AS short_value, min(n.document_no) FILTER (WHERE n.kind = 'deal') AS deal,
       bool_or(n.kind = 'order') AS is_ordered
FROM marts.need n
JOIN marts.item i ON i.product_id = n.product_id
LEFT JOIN core.customer k ON k.customer_id = n.customer_id
WHERE n.short > 0 AND ($region IS NULL OR list_contains($region, coalesce(k.region, '–'))) AND ($owner IS NULL OR list_contains($owner, coalesce(k.owner, '–')))
    AND ($category IS NULL OR list_contains($category, i.category))
GROUP BY n.product_id, i.sku, i.name, n.customer_id, k.name
ORDER BY short_value DESC, n.product_id, n.customer_id
