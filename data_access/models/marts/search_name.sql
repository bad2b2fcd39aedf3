-- doc: Customers by name, tax number, contact and phone, and items by number and name, as they can be found by typing. words is what people call it (see name_words), codes its numbers in one piece, without spaces and signs.
-- grain: one row per customer and item
WITH person AS (
    SELECT customer_id, string_agg(DISTINCT name, ' | ' ORDER BY name) AS names, string_agg(DISTINCT norm_tax(phone), ' ' ORDER BY norm_tax(phone)) AS phones
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
