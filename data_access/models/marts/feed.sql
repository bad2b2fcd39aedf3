-- doc: The newest orders and won deals. An order without an instant counts from the start of its day.
-- grain: one row per order or won deal, the newest 50
-- lookups: core.customer
WITH ordered AS (
    SELECT coalesce(max(l.ordered_at), timezone(any_value(c.timezone), CAST(max(l.order_date) AS TIMESTAMP))) AS happened_at,
           l.source, 'erp' AS system, 'order' AS kind, arg_min(l.customer_id, l.line_id) AS customer_id, l.order_id AS entity_id,
           sum(l.amount_base) AS amount
    FROM core.sales_order_line l CROSS JOIN core.company c
    WHERE l.status IN ('open', 'shipped', 'done') AND l.order_date BETWEEN c.today - 60 AND c.today
    GROUP BY l.source, l.order_id
),
won AS (
    SELECT coalesce(o.closed_at, timezone(c.timezone, CAST(o.closed_date AS TIMESTAMP))) AS happened_at, o.source,
           'crm' AS system, 'won' AS kind, o.customer_id, o.opportunity_id AS entity_id, o.amount_base AS amount
    FROM core.opportunity o CROSS JOIN core.company c
    WHERE o.stage = 'won' AND o.in_pipeline AND o.closed_date BETWEEN c.today - 60 AND c.today
)
SELECT e.happened_at, e.source, e.system, e.kind, e.customer_id, k.name, e.entity_id, money(e.amount) AS amount
FROM (SELECT * FROM ordered UNION ALL SELECT * FROM won) e
LEFT JOIN core.customer k ON k.customer_id = e.customer_id
WHERE e.happened_at IS NOT NULL
ORDER BY e.happened_at DESC, e.entity_id DESC
LIMIT 50
