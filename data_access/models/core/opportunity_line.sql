-- doc: What a deal is about. A CRM names products by SKU (its own product list only translates ids to SKUs); no match: NULL.
-- grain: one row per opportunity line
SELECT o.opportunity_id, coalesce(own.product_id, by_sku.product_id) AS product_id, l.quantity,
       money(convert(l.amount, r.rate, c.digits)) AS amount_base, l.line_id, l.source
FROM staging.opportunity_line l
JOIN core.opportunity o ON o.opportunity_id = gid(l.source, l.opportunity_id)
LEFT JOIN core.product own ON own.product_id = gid(l.source, l.product_id)
LEFT JOIN staging.product theirs ON theirs.source = l.source AND theirs.product_id = l.product_id
LEFT JOIN core.product_sku by_sku ON by_sku.sku = coalesce(l.sku, theirs.sku)
CROSS JOIN staging.company c
ASOF LEFT JOIN core.exchange_rate r
    ON r.currency = coalesce(l.currency, o.currency) AND r.day <= coalesce(o.created_date, c.today)
