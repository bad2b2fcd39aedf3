-- doc: The customer's service cases: open ones, the oldest first, then the newest closed.
-- grain: one row per case, the first twenty
WITH first AS (
    SELECT * FROM core.ticket WHERE customer_id = $customer
    ORDER BY status = 'closed', CASE WHEN status = 'closed' THEN -epoch(closed_at) ELSE epoch(opened_at) END, ticket_id
    LIMIT 20
)
SELECT t.ticket_id, t.subject, t.priority, t.status, d.opened_date, d.closed_date,
       coalesce(d.closed_date, c.today) - d.opened_date AS days_open, t.satisfaction, t.order_id, l.days_late, p.name AS product
FROM first t
CROSS JOIN core.company c
CROSS JOIN LATERAL (SELECT CAST(timezone(c.timezone, t.opened_at) AS DATE) AS opened_date,
                           CAST(timezone(c.timezone, t.closed_at) AS DATE) AS closed_date) d
LEFT JOIN (SELECT order_id, max(days_late) AS days_late FROM marts.delivery WHERE customer_id = $customer AND days_late > 0 GROUP BY order_id) l
    ON l.order_id = t.order_id
LEFT JOIN core.product p ON p.product_id = t.product_id
ORDER BY t.status = 'closed', CASE WHEN t.status = 'closed' THEN -epoch(t.closed_at) ELSE epoch(t.opened_at) END, t.ticket_id
