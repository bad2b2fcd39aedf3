-- doc: Invoices and credit notes in base currency at the rate of their issue date; what is open is converted at the same rate. Not issued yet: only what is in the base currency anyway.
-- grain: one row per invoice
-- partition: invoice_id
-- by: staging.invoice gid(source, invoice_id)
-- lookups: core.customer_link
SELECT i.source, gid(i.source, i.invoice_id) AS invoice_id, gid(i.source, i.order_id) AS order_id, k.customer_id,
       i.issue_date, i.due_date, money(convert(i.amount, r.rate, c.digits)) AS amount_base,
       money(convert(i.open_amount, r.rate, c.digits)) AS open_base, i.status, i.currency, r.rate
FROM staging.invoice i
ASOF LEFT JOIN core.exchange_rate r ON r.currency = i.currency AND r.day <= coalesce(i.issue_date, DATE '1900-01-01')
LEFT JOIN core.customer_link k ON k.source = i.source AND k.source_id = i.customer_id
CROSS JOIN staging.company c
