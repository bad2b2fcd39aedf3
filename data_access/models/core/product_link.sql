-- doc: Which ERP product each source's product is: a CRM's own list by SKU, else by barcode, else by its name, where that is unique on both sides. NULL: none.
-- grain: one row per source product
WITH keyed AS (
    SELECT p.source, p.product_id AS source_id, s.role, p.sku, nullif(regexp_replace(p.barcode, '[^0-9]', '', 'g'), '') AS barcode,
           nullif(name_words(p.name), '') AS name_key, CASE s.role WHEN 'erp' THEN 'erp' ELSE 'crm ' || p.source END AS side
    FROM staging.product p
    JOIN staging.source s ON s.source = p.source
),
counted AS (
    SELECT *, count(*) OVER (PARTITION BY side, barcode) = 1 AND length(barcode) >= 8 AS barcode_is_one,
           count(*) OVER (PARTITION BY side, name_key) = 1 AS name_is_one
    FROM keyed
)
SELECT c.source, c.source_id,
       CASE c.role WHEN 'erp' THEN gid(c.source, c.source_id) ELSE coalesce(k.product_id, gid(b.source, b.source_id), gid(n.source, n.source_id)) END AS product_id,
       CASE WHEN c.role = 'erp' THEN 'self' WHEN k.product_id IS NOT NULL THEN 'sku' WHEN b.source_id IS NOT NULL THEN 'barcode'
            WHEN n.source_id IS NOT NULL THEN 'name' ELSE 'none' END AS rule
FROM counted c
LEFT JOIN core.product_sku k ON k.sku = c.sku AND c.role <> 'erp'
LEFT JOIN counted b ON b.role = 'erp' AND c.role <> 'erp' AND b.barcode = c.barcode AND b.barcode_is_one AND c.barcode_is_one
LEFT JOIN counted n ON n.role = 'erp' AND c.role <> 'erp' AND n.name_key = c.name_key AND n.name_is_one AND c.name_is_one
