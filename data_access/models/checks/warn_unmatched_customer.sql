-- doc: Customers of the CRM that no ERP customer was found for, where they are more than half.
-- grain: one row per CRM source
-- severity: warn
SELECT l.source, count(*) AS customers, count(*) FILTER (WHERE l.rule = 'self') AS unmatched
FROM core.customer_link l
JOIN staging.source s ON s.source = l.source
WHERE s.role = 'crm' AND EXISTS (SELECT 1 FROM staging.source e WHERE e.role = 'erp')
GROUP BY l.source
HAVING count(*) FILTER (WHERE l.rule = 'self') > 0.5 * count(*)
