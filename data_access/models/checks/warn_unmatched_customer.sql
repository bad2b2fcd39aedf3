-- doc: Customers of the CRM that no ERP customer was found for, where they are more than half.
-- grain: one row per CRM source
-- severity: medium
-- title_zh: 半数以上 CRM 客户未找到对应的 ERP 客户。
SELECT l.source, count(*) AS customers, count(*) FILTER (WHERE l.rule = 'self') AS unmatched
FROM core.customer_link l
JOIN staging.source s ON s.source = l.source
WHERE s.role = 'crm' AND EXISTS (SELECT 1 FROM staging.source e WHERE e.role = 'erp')
GROUP BY l.source
HAVING count(*) FILTER (WHERE l.rule = 'self') > 0.5 * count(*)
