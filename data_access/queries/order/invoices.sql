-- doc: The invoices and credit notes of one order, what was paid and what is open; drafts and cancelled ones are told but not counted.
-- grain: one row per invoice
WITH paid AS (
    SELECT p.invoice_id, max(p.paid_date) AS paid_date, sum(p.amount_base) AS paid
    FROM core.payment p JOIN core.invoice i ON i.invoice_id = p.invoice_id
    WHERE i.order_id = $order
    GROUP BY p.invoice_id
)
SELECT i.invoice_id, i.issue_date, i.due_date, i.amount_base AS amount, i.open_base AS open_amount, p.paid, p.paid_date,
       coalesce(i.status, '') NOT IN ('draft', 'cancelled') AS counts,
       CASE WHEN i.status IN ('draft', 'cancelled') THEN i.status WHEN i.open_base = 0 THEN 'paid' WHEN i.due_date < c.today THEN 'overdue'
            WHEN p.paid > 0 THEN 'partly' ELSE 'open' END AS invoice_state,
       i.due_date - c.today AS days_to_due, i.currency, i.rate
FROM core.invoice i
CROSS JOIN core.company c
LEFT JOIN paid p ON p.invoice_id = i.invoice_id
WHERE i.order_id = $order
ORDER BY i.issue_date, i.invoice_id
