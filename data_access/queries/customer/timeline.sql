-- doc: What happened with the customer, both systems: orders, what was shipped a day, lateness from its promised day, payments, cases and their answers, contacts, deals moving. A case names the late order that caused it: opened on or after the day that was promised.
-- grain: one row per event
WITH zone AS (SELECT timezone, today FROM core.company),
ordered AS (
    SELECT order_id, any_value(order_no) AS order_no, min(order_date) AS day, sum(amount_base) AS amount FROM core.sales_order_line
    WHERE customer_id = $customer AND status IN ('open', 'shipped', 'done') GROUP BY order_id
),
late AS (
    SELECT order_id, any_value(order_no) AS order_no, min(promised_date) AS day, max(days_late) AS days FROM marts.delivery
    WHERE customer_id = $customer AND days_late > 0 GROUP BY order_id
),
ticket AS (
    SELECT t.*, CAST(timezone(z.timezone, t.opened_at) AS DATE) AS day, CAST(timezone(z.timezone, t.closed_at) AS DATE) AS closed_day
    FROM core.ticket t CROSS JOIN zone z WHERE t.customer_id = $customer
),
event AS (
    SELECT day, 'erp' AS system, 'order' AS kind, CAST(amount AS DOUBLE) AS amount, CAST(NULL AS BIGINT) AS days, CAST(NULL AS INTEGER) AS score, order_no AS subject,
           order_id AS entity_id, CAST(NULL AS VARCHAR) AS cause_id
    FROM ordered
    UNION ALL SELECT day, 'erp', 'late', NULL, days, NULL, order_no, order_id, NULL FROM late
    UNION ALL SELECT effective_date, 'erp', 'shipped', CAST(sum(revenue_base) AS DOUBLE), NULL, NULL, NULL, NULL, NULL
    FROM core.shipment WHERE customer_id = $customer AND kind = 'shipment' GROUP BY effective_date
    UNION ALL SELECT p.paid_date, 'erp', 'payment', CAST(sum(p.amount_base) AS DOUBLE), NULL, NULL, NULL, NULL, NULL
    FROM core.payment p JOIN core.invoice i ON i.invoice_id = p.invoice_id WHERE i.customer_id = $customer GROUP BY p.paid_date
    UNION ALL SELECT t.day, 'crm', 'ticket', NULL, t.closed_day - t.day, NULL, t.subject, t.ticket_id, l.order_id
    FROM ticket t LEFT JOIN late l ON l.order_id = t.order_id AND t.day >= l.day
    UNION ALL SELECT coalesce(closed_day, day), 'crm', 'answer', NULL, NULL, satisfaction, subject, ticket_id, NULL FROM ticket WHERE satisfaction IS NOT NULL
    UNION ALL SELECT CAST(timezone(z.timezone, a.happened_at) AS DATE), 'crm', coalesce(a.kind, 'contact'), NULL, NULL, NULL, a.subject, a.activity_id, NULL
    FROM core.activity a CROSS JOIN zone z WHERE a.customer_id = $customer
    UNION ALL SELECT CAST(timezone(z.timezone, h.entered_at) AS DATE), 'crm', 'stage_' || h.stage, CAST(o.amount_base AS DOUBLE), NULL, NULL, o.name,
           o.opportunity_id, NULL
    FROM core.opportunity o JOIN core.opportunity_stage_history h ON h.opportunity_id = o.opportunity_id
    CROSS JOIN zone z WHERE o.customer_id = $customer AND o.in_pipeline
)
SELECT e.day, e.system, e.kind, e.amount, e.days, e.score, e.subject, e.entity_id, e.cause_id
FROM event e CROSS JOIN zone z
WHERE e.day BETWEEN $since AND $until AND e.day <= z.today
ORDER BY e.day DESC, e.system DESC, e.kind, e.entity_id
