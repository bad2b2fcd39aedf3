-- doc: What can be found by typing: customers by name, tax number, contact and phone, items by number and name, orders by number. words is what people call it (see name_words), codes its numbers in one piece, without spaces and signs.
-- grain: one row per customer, item and sales order
WITH person AS (
    SELECT customer_id, string_agg(DISTINCT name, ' | ' ORDER BY name) AS names, string_agg(DISTINCT norm_tax(phone), ' ') AS phones
    FROM core.contact
    WHERE customer_id IS NOT NULL
    GROUP BY customer_id
)
SELECT 'customer' AS kind, k.customer_id AS id, k.name AS title, concat_ws(' · ', nullif(k.region, '–'), nullif(k.owner, '–')) AS detail,
       name_words(k.name) AS title_words, concat_ws(' ', name_words(k.name), name_words(p.names)) AS words,
       concat_ws(' ', norm_tax(k.tax_id), norm_tax(c.phone), p.phones) AS codes, CAST(k.revenue_12m AS DOUBLE) AS weight
FROM marts.customer_profile k
JOIN core.customer c ON c.customer_id = k.customer_id
LEFT JOIN person p ON p.customer_id = k.customer_id
UNION ALL
SELECT 'item', p.product_id, p.name, p.sku, name_words(p.name), concat_ws(' ', name_words(p.sku), name_words(p.name)), norm_tax(p.sku),
       coalesce(CAST(i.weekly_sales AS DOUBLE), 0)
FROM core.product p
LEFT JOIN marts.item i ON i.product_id = p.product_id
UNION ALL
SELECT 'order', o.order_id, o.order_no, any_value(k.name), NULL, NULL, norm_tax(o.order_no),
       epoch(max(o.order_date))
FROM core.sales_order_line o
LEFT JOIN core.customer k ON k.customer_id = o.customer_id
WHERE o.order_no IS NOT NULL
GROUP BY o.order_id, o.order_no
