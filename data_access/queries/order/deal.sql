-- doc: The deal an order came from, with what all orders of that deal are worth.
-- grain: one row, none where no deal is known
WITH asked AS (SELECT max(opportunity_id) AS opportunity_id FROM core.sales_order_line WHERE order_id = $order),
quoted AS (
    SELECT h.opportunity_id, min(CAST(timezone(c.timezone, h.entered_at) AS DATE)) AS quoted_date
    FROM core.opportunity_stage_history h JOIN asked a ON a.opportunity_id = h.opportunity_id CROSS JOIN core.company c
    WHERE h.stage IN ('proposal', 'negotiation')
    GROUP BY h.opportunity_id
),
ordered AS (
    SELECT l.opportunity_id, sum(l.amount_base) FILTER (WHERE l.order_id = $order) AS ordered_here, sum(l.amount_base) AS ordered,
           count(DISTINCT l.order_id) AS orders
    FROM core.sales_order_line l JOIN asked a ON a.opportunity_id = l.opportunity_id
    WHERE l.status <> 'cancelled'
    GROUP BY l.opportunity_id
)
SELECT o.opportunity_id, o.source, o.name, o.owner, o.stage, o.probability, o.amount_base AS amount, o.created_date, q.quoted_date,
       o.expected_close, o.closed_date, o.closed_date - o.created_date AS days_to_close, coalesce(r.ordered_here, 0) AS ordered_here,
       coalesce(r.ordered, 0) AS ordered, coalesce(r.orders, 0) AS orders
FROM core.opportunity o
JOIN asked a ON a.opportunity_id = o.opportunity_id
LEFT JOIN quoted q ON q.opportunity_id = o.opportunity_id
LEFT JOIN ordered r ON r.opportunity_id = o.opportunity_id
