-- doc: Which golden customer each source's customer is. A CRM row joins an ERP row by tax number, else by exact normalised name; each must be unique on its side.
-- grain: one row per source customer
WITH keyed AS (
    SELECT c.source, c.customer_id AS source_id, s.role, norm_name(c.name) AS name_key,
           tax_body(c.tax_id) AS tax_key, tax_prefix(c.tax_id) AS tax_country,
           CASE s.role WHEN 'erp' THEN 'erp' ELSE 'crm ' || c.source END AS side
    FROM staging.customer c
    JOIN staging.source s ON s.source = c.source
),
counted AS (
    SELECT *, count(*) OVER (PARTITION BY side, tax_key) AS same_tax,
           count(*) OVER (PARTITION BY side, name_key) AS same_name
    FROM keyed
),
-- A country prefix on one side only is no contradiction; two different ones are.
by_tax AS (
    SELECT c.source, c.source_id, c.side, e.source AS erp_source, e.source_id AS erp_id, 'tax_id' AS rule, 0.99 AS confidence
    FROM counted c
    JOIN counted e ON e.tax_key = c.tax_key
    WHERE e.role = 'erp' AND c.role <> 'erp' AND e.same_tax = 1 AND c.same_tax = 1
        AND coalesce(e.tax_country = c.tax_country, TRUE)
),
by_name AS (
    SELECT c.source, c.source_id, c.side, e.source AS erp_source, e.source_id AS erp_id, 'exact_name' AS rule, 0.95 AS confidence
    FROM counted c
    JOIN counted e ON e.name_key = c.name_key
    WHERE e.role = 'erp' AND c.role <> 'erp' AND e.same_name = 1 AND c.same_name = 1 AND e.name_key <> ''
        AND coalesce(e.tax_key = c.tax_key AND coalesce(e.tax_country = c.tax_country, TRUE), TRUE)
),
-- The tax number decides first: a name never takes a row that a tax number gave to another.
chosen AS (
    SELECT source, source_id, erp_source, erp_id, rule, confidence FROM by_tax
    UNION ALL
    SELECT n.source, n.source_id, n.erp_source, n.erp_id, n.rule, n.confidence
    FROM by_name n
    ANTI JOIN by_tax t ON t.side = n.side AND t.source_id = n.source_id
    ANTI JOIN by_tax u ON u.side = n.side AND u.erp_source = n.erp_source AND u.erp_id = n.erp_id
)
SELECT k.source, k.source_id,
       coalesce(gid(p.erp_source, p.erp_id), gid(k.source, k.source_id)) AS customer_id,
       coalesce(p.rule, 'self') AS rule, CAST(coalesce(p.confidence, 1) AS DOUBLE) AS confidence,
       'auto' AS status, CAST(NULL AS VARCHAR) AS decided_by, CAST(NULL AS TIMESTAMPTZ) AS decided_at
FROM keyed k
LEFT JOIN chosen p ON p.source = k.source AND p.source_id = k.source_id
