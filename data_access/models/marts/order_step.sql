-- doc: How far each booked order came: ordered, delivered (every line shipped), invoiced (all that was delivered, within 1 %), paid (nothing open). Invoices and deliveries are compared in the order's currency, since their rates differ; without a rate they are not. Orders that only take goods back are left out.
-- grain: one row per booked order
-- partition: order_id
-- by: core.sales_order_line order_id; core.invoice order_id NOT NULL; core.payment order_id NOT NULL; core.shipment order_id
WITH ordered AS (
    SELECT order_id, arg_min(order_no, line_id) AS order_no, min(source) AS source, arg_min(customer_id, line_id) AS customer_id, min(order_date) AS ordered_date,
           arg_min(l.currency, line_id) AS currency, arg_min(l.rate, line_id) AS rate, sum(amount_base) AS ordered_base, bool_and(status <> 'open') AS is_complete,
           max(shipped_date) AS shipped_date, sum(CAST(amount AS DOUBLE) * CAST(shipped_quantity AS DOUBLE) / nullif(CAST(quantity AS DOUBLE), 0)) AS delivered_amount,
           min(promised_date) FILTER (WHERE status = 'open' AND promised_date < c.today) AS late_since
    FROM core.sales_order_line l CROSS JOIN core.company c
    WHERE status IN ('open', 'shipped', 'done') AND order_date IS NOT NULL
    GROUP BY order_id
    HAVING bool_or(quantity > 0)
),
invoiced AS (
    SELECT i.order_id, max(i.issue_date) AS issue_date, sum(i.open_base) AS open_base, sum(i.amount_base) AS invoiced_base,
           sum(CAST(i.amount_base AS DOUBLE) * CAST(CASE WHEN i.currency = o.currency THEN i.rate ELSE o.rate END AS DOUBLE)) AS invoiced_amount,
           min(i.due_date) FILTER (WHERE i.open_base > 0 AND i.due_date < c.today) AS overdue_since,
           sum(i.open_base) FILTER (WHERE i.due_date < c.today) AS overdue_base
    FROM core.invoice i
    JOIN ordered o ON o.order_id = i.order_id
    CROSS JOIN core.company c
    WHERE coalesce(i.status, '') NOT IN ('draft', 'cancelled')
    GROUP BY i.order_id
),
paid AS (SELECT order_id, max(paid_date) AS paid_date FROM core.payment GROUP BY order_id),
shipped AS (SELECT order_id, sum(revenue_base) AS delivered_base FROM core.shipment GROUP BY order_id),
share AS (
    SELECT o.*, s.delivered_base, i.issue_date, i.open_base, i.overdue_since, i.overdue_base, i.invoiced_base, p.paid_date,
           CASE WHEN o.delivered_amount > 0 AND o.rate IS NOT NULL THEN coalesce(i.invoiced_amount, 0) / o.delivered_amount END AS invoiced_share
    FROM ordered o
    LEFT JOIN shipped s ON s.order_id = o.order_id
    LEFT JOIN invoiced i ON i.order_id = o.order_id
    LEFT JOIN paid p ON p.order_id = o.order_id
),
flagged AS (SELECT *, coalesce(invoiced_share < 0.99, FALSE) AS has_gap FROM share)
SELECT order_id, order_no, source, customer_id, ordered_date, ordered_base, coalesce(delivered_base, 0) AS delivered_base, late_since,
       CASE WHEN is_complete THEN shipped_date END AS delivered_date,
       CASE WHEN is_complete AND NOT has_gap THEN issue_date END AS invoiced_date,
       CASE WHEN is_complete AND NOT has_gap AND abs(open_base) < 0.005 THEN coalesce(paid_date, issue_date) END AS paid_date,
       CASE WHEN has_gap THEN invoiced_share END AS invoiced_share, overdue_since, CASE WHEN overdue_since IS NOT NULL THEN overdue_base END AS overdue_base
FROM flagged
