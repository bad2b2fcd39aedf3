-- doc: One row per company we deal with. Name and tax number as the ERP has them; owner and segment as the CRM has them; the rest from whichever knows.
-- grain: one row per golden customer
WITH member AS (
    SELECT l.customer_id, l.source_id, s.role, l.source, c.name, c.tax_id, c.country, c.region, c.city, c.segment,
           c.owner, c.email, c.phone, coalesce(c.is_active, TRUE) AS is_active,
           (s.role <> 'erp', gid(l.source, l.source_id) <> l.customer_id, l.source, l.source_id) AS erp_first,
           (s.role = 'erp', l.source, l.source_id) AS crm_first
    FROM core.customer_link l
    JOIN staging.customer c ON c.source = l.source AND c.customer_id = l.source_id
    JOIN staging.source s ON s.source = l.source
)
SELECT customer_id,
       arg_min(name, erp_first) AS name,
       arg_min(tax_id, erp_first) FILTER (WHERE tax_id IS NOT NULL) AS tax_id,
       arg_min(country, erp_first) FILTER (WHERE country IS NOT NULL) AS country,
       arg_min(region, erp_first) FILTER (WHERE region IS NOT NULL) AS region,
       arg_min(city, erp_first) FILTER (WHERE city IS NOT NULL) AS city,
       arg_min(segment, crm_first) FILTER (WHERE segment IS NOT NULL) AS segment,
       arg_min(owner, crm_first) FILTER (WHERE owner IS NOT NULL) AS owner,
       lower(split_part(arg_min(email, crm_first) FILTER (WHERE contains(email, '@')), '@', 2)) AS email_domain,
       bool_or(is_active) AS is_active,
       arg_min(phone, crm_first) FILTER (WHERE phone IS NOT NULL) AS phone,
       bool_or(role = 'erp') AS in_erp,
       bool_or(role <> 'erp') AS in_crm
FROM member
GROUP BY customer_id
