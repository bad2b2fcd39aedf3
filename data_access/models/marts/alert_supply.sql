-- doc: Items that run out before their next receipt, receipts past their date, items with three times their usual service cases.
-- grain: one row per alert
WITH overdue AS (
    SELECT r.product_id, min(r.expected_date) AS oldest, count(*) AS receipts, sum(r.quantity) AS quantity
    FROM marts.receipt r WHERE r.is_overdue GROUP BY r.product_id
),
surge AS (
    SELECT t.product_id, count(*) FILTER (WHERE d.day > c.today - 7) AS week, count(*) FILTER (WHERE d.day <= c.today - 7) AS before
    FROM core.ticket t
    CROSS JOIN core.company c
    CROSS JOIN LATERAL (SELECT CAST(timezone(c.timezone, t.opened_at) AS DATE) AS day) d
    WHERE t.product_id IS NOT NULL AND d.day > c.today - 63 AND d.day <= c.today
    GROUP BY t.product_id
)
SELECT 'crit' AS severity, 'stockout' AS code, i.name AS subject, CAST(i.at_risk AS DOUBLE) AS figure, i.run_out_date AS date1,
       i.next_receipt_date AS date2, CAST(i.orders_waiting AS BIGINT) AS count, CAST(NULL AS VARCHAR) AS customer_id,
       i.product_id, i.product_id AS entity_id, CAST(i.at_risk AS DOUBLE) AS weight
FROM marts.item i
WHERE i.at_risk > 0
UNION ALL
SELECT 'warn', 'overdue_receipt', p.name, CAST(o.quantity AS DOUBLE) * CAST(x.net_price AS DOUBLE), o.oldest, NULL, o.receipts, NULL,
       o.product_id, o.product_id, CAST(o.quantity AS DOUBLE) * CAST(x.net_price AS DOUBLE)
FROM overdue o
JOIN core.product p ON p.product_id = o.product_id
JOIN marts.item_price x ON x.product_id = o.product_id
UNION ALL
SELECT 'warn', 'ticket_surge', p.name, s.week / greatest(s.before / 8, 1), NULL, NULL, s.week, NULL, s.product_id, s.product_id, 0
FROM surge s
JOIN core.product p ON p.product_id = s.product_id
WHERE s.week >= 3 AND s.week >= 3 * s.before / 8
