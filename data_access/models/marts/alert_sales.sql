-- doc: Customers who buy a quarter less than in the same 13 weeks of last year (and a quarter per cent of all revenue with it), contracts that end within 30 days, lines without a rate.
-- grain: one row per alert
-- lookups: core.customer
WITH ending AS (SELECT contract_id, customer_id, end_date, amount_base FROM marts.contract_due)
SELECT 'warn' AS severity, 'customer_falling' AS code, k.name AS subject, f.change AS figure,
       (SELECT min(e.end_date) FROM ending e WHERE e.customer_id = f.customer_id) AS date1, CAST(NULL AS DATE) AS date2,
       CAST(NULL AS BIGINT) AS count, f.customer_id, CAST(NULL AS VARCHAR) AS product_id, f.customer_id AS entity_id,
       CAST(f.revenue_before - f.revenue_now AS DOUBLE) AS weight
FROM marts.customer_falling f
LEFT JOIN core.customer k ON k.customer_id = f.customer_id
UNION ALL
SELECT 'info', 'contract_due', k.name, CAST(e.amount_base AS DOUBLE), e.end_date, NULL, NULL, e.customer_id, NULL,
       e.contract_id, CAST(coalesce(e.amount_base, 0) AS DOUBLE)
FROM ending e
JOIN core.company c ON e.end_date <= c.today + 30
LEFT JOIN core.customer k ON k.customer_id = e.customer_id
UNION ALL
SELECT 'warn', 'unconverted', coalesce(min(l.currency), ''), NULL, min(l.order_date), max(l.order_date), count(*), NULL, NULL, NULL, 0
FROM core.sales_order_line l
WHERE l.amount_base IS NULL AND l.status IN ('open', 'shipped', 'done')
HAVING count(*) > 0
