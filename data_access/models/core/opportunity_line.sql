-- doc: What a deal is about. A CRM names products by SKU, or by its own list (core.product_link); no match: NULL.
-- grain: one row per opportunity line
SELECT o.opportunity_id, coalesce(by_sku.product_id, listed.product_id) AS product_id, l.quantity,
       money(convert(l.amount, r.rate, c.digits)) AS amount_base, l.line_id, l.source
FROM staging.opportunity_line l
JOIN core.opportunity o ON o.opportunity_id = gid(l.source, l.opportunity_id)
LEFT JOIN core.product_link listed ON listed.source = l.source AND listed.source_id = l.product_id
LEFT JOIN core.product_sku by_sku ON by_sku.sku = l.sku AND listed.rule IS DISTINCT FROM 'self'
CROSS JOIN staging.company c
ASOF LEFT JOIN core.exchange_rate r
    ON r.currency = coalesce(l.currency, o.currency) AND r.day <= coalesce(o.created_date, c.today)
