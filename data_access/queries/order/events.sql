-- doc: What was said and done about one order in both systems: shipped, promises that passed, invoiced, paid; cases of the order, and contacts and stages of its deal.
-- grain: one row per event, the newest first
WITH zone AS (SELECT timezone, today FROM core.company),
deal AS (SELECT max(opportunity_id) AS opportunity_id FROM core.sales_order_line WHERE order_id = $order),
event AS (
    SELECT s.effective_date AS day, 'erp' AS system, s.kind, p.sku AS subject, CAST(sum(abs(s.quantity)) AS DOUBLE) AS quantity,
           CAST(sum(s.revenue_base) AS DOUBLE) AS amount, CAST(NULL AS VARCHAR) AS who, s.product_id AS entity_id
    FROM core.shipment s LEFT JOIN core.product p ON p.product_id = s.product_id
    WHERE s.order_id = $order GROUP BY s.effective_date, s.kind, s.product_id, p.sku
    UNION ALL
    SELECT d.promised_date, 'erp', 'promise_passed', string_agg(DISTINCT p.sku, ', ' ORDER BY p.sku), count(*), NULL, NULL, NULL
    FROM marts.delivery d JOIN core.product p ON p.product_id = d.product_id
    WHERE d.order_id = $order AND d.days_late > 0 GROUP BY d.promised_date
    UNION ALL
    SELECT min(order_date), 'erp', 'ordered', any_value(order_no), count(*), CAST(sum(amount_base) AS DOUBLE), any_value(owner), NULL
    FROM core.sales_order_line WHERE order_id = $order AND status NOT IN ('draft', 'quotation') GROUP BY order_id
    UNION ALL
    SELECT issue_date, 'erp', CASE WHEN amount_base < 0 THEN 'credit' ELSE 'invoice' END, regexp_replace(invoice_id, '^[^:]*:', ''), NULL,
           CAST(amount_base AS DOUBLE), NULL, invoice_id
    FROM core.invoice WHERE order_id = $order AND coalesce(status, '') NOT IN ('draft', 'cancelled')
    UNION ALL
    SELECT p.paid_date, 'erp', 'payment', regexp_replace(p.invoice_id, '^[^:]*:', ''), NULL, CAST(p.amount_base AS DOUBLE), NULL, p.invoice_id
    FROM core.payment p JOIN core.invoice i ON i.invoice_id = p.invoice_id WHERE i.order_id = $order
    UNION ALL
    SELECT CAST(timezone(z.timezone, t.opened_at) AS DATE), 'crm', 'ticket', t.subject, NULL, NULL, t.status, t.ticket_id
    FROM core.ticket t CROSS JOIN zone z WHERE t.order_id = $order
    UNION ALL
    SELECT CAST(timezone(z.timezone, a.happened_at) AS DATE), 'crm', coalesce(a.kind, 'contact'), a.subject, NULL, NULL, a.owner, a.activity_id
    FROM core.activity a JOIN deal d ON d.opportunity_id = a.opportunity_id CROSS JOIN zone z
    UNION ALL
    SELECT CAST(timezone(z.timezone, h.entered_at) AS DATE), 'crm', 'stage_' || h.stage, o.name, NULL, CAST(o.amount_base AS DOUBLE), o.owner, o.opportunity_id
    FROM core.opportunity_stage_history h JOIN deal d ON d.opportunity_id = h.opportunity_id
    JOIN core.opportunity o ON o.opportunity_id = h.opportunity_id CROSS JOIN zone z
)
SELECT e.day, e.system, e.kind, e.subject, e.quantity, e.amount, e.who, e.entity_id
FROM event e CROSS JOIN zone z
WHERE e.day <= z.today
ORDER BY e.day DESC, e.system, e.kind, e.entity_id
