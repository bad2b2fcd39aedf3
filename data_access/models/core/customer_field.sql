-- doc: Where each field of a customer comes from: the ERP decides legal name, tax number and place, the CRM owner, segment and how to reach it.
-- grain: one row per customer and field that is known
-- lookups: core.customer_link
WITH member AS (
    SELECT l.customer_id, l.source, l.source_id, s.role = 'erp' AS is_erp, c.name, c.tax_id, c.country, c.region, c.city, c.segment,
           c.owner, c.email, c.phone
    FROM core.customer_link l
    JOIN staging.customer c ON c.source = l.source AND c.customer_id = l.source_id
    JOIN staging.source s ON s.source = l.source
),
known AS (
    UNPIVOT (SELECT * REPLACE (CASE WHEN contains(email, '@') THEN email END AS email) FROM member)
    ON name, tax_id, country, region, city, segment, owner, email, phone INTO NAME field VALUE value
),
ranked AS (
    SELECT *, CASE WHEN field IN ('segment', 'owner', 'email', 'phone') THEN 'crm_first' ELSE 'erp_first' END AS rule
    FROM known
)
SELECT customer_id, field, value, source, source_id, rule
FROM ranked
QUALIFY row_number() OVER (PARTITION BY customer_id, field ORDER BY is_erp = (rule = 'crm_first'), rule = 'erp_first' AND gid(source, source_id) <> customer_id, source, source_id) = 1
