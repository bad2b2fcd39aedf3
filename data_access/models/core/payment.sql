-- doc: Money received, in base currency at its invoice's rate (so that a paid invoice nets to zero), else at the rate of the day.
-- grain: one row per payment
-- partition: invoice_id
-- by: staging.payment gid(source, invoice_id); core.invoice invoice_id
SELECT gid(p.source, p.payment_id) AS payment_id, gid(p.source, p.invoice_id) AS invoice_id, p.paid_date,
       money(convert(p.amount, CASE WHEN i.currency = p.currency THEN coalesce(i.rate, r.rate) ELSE r.rate END, c.digits))
           AS amount_base,
       i.order_id, p.source
FROM staging.payment p
ASOF LEFT JOIN core.exchange_rate r ON r.currency = p.currency AND r.day <= coalesce(p.paid_date, DATE '1900-01-01')
LEFT JOIN core.invoice i ON i.invoice_id = gid(p.source, p.invoice_id)
CROSS JOIN staging.company c
