-- doc: How much of what the CRM says is known to the ERP: matched as the match rate counts it, waiting for a person, unmatched. Products by the lines of open deals, orders by the won deals of the last year.
-- grain: one row per kind
WITH rate AS (
    SELECT arg_max(accounts, day) AS accounts, arg_max(accounts_matched, day) AS matched FROM marts.identity_rate
),
unsure AS (
    SELECT count(*) AS waiting
    FROM core.customer_link l
    JOIN core.customer c ON c.customer_id = l.customer_id AND NOT c.in_erp
    JOIN core.source s ON s.source = l.source AND s.role = 'crm'
    WHERE l.status = 'review'
),
person AS (
    SELECT c.contact_id, k.in_erp
    FROM core.contact c
    JOIN core.source s ON s.source = c.source AND s.role = 'crm'
    LEFT JOIN core.customer k ON k.customer_id = c.customer_id
),
wanted AS (SELECT l.product_id FROM core.opportunity_line l JOIN core.source s ON s.source = l.source AND s.role = 'crm'),
won AS (
    SELECT o.opportunity_id, EXISTS (FROM marts.deal_order d WHERE d.opportunity_id = o.opportunity_id) AS has_order
    FROM core.opportunity o
    JOIN core.source s ON s.source = o.source AND s.role = 'crm'
    WHERE o.stage = 'won' AND o.closed_date >= $today - INTERVAL 365 DAY
)
SELECT 'customer' AS kind, coalesce(r.accounts, 0) AS total, coalesce(r.matched, 0) AS matched, u.waiting FROM rate r CROSS JOIN unsure u
UNION ALL
SELECT 'contact', count(*), count(*) FILTER (WHERE in_erp), 0 FROM person
UNION ALL
SELECT 'product', count(*), count(product_id), 0 FROM wanted
UNION ALL
SELECT 'deal', count(*), count(*) FILTER (WHERE has_order), 0 FROM won
