-- doc: By which rule the CRM's accounts are linked to the ERP now, and the revenue of 12 months behind them; rule none: not linked.
-- grain: one row per rule
WITH account AS (
    SELECT l.customer_id, CASE WHEN k.in_erp THEN l.rule ELSE 'none' END AS rule, l.confidence
    FROM core.customer_link l
    JOIN staging.source s ON s.source = l.source
    JOIN core.customer k ON k.customer_id = l.customer_id
    WHERE s.role <> 'erp'
),
worth AS (
    SELECT a.rule, sum(p.revenue_12m) AS revenue
    FROM (SELECT customer_id, min(rule) AS rule FROM account GROUP BY customer_id) a
    JOIN marts.customer_profile p ON p.customer_id = a.customer_id
    GROUP BY a.rule
)
SELECT a.rule, count(*) AS accounts, min(a.confidence) AS confidence, money(coalesce(any_value(w.revenue), 0)) AS revenue_12m
FROM account a
LEFT JOIN worth w ON w.rule = a.rule
GROUP BY a.rule
