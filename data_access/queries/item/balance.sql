-- doc: The stock of one product day by day ahead, all warehouses: on hand, less open orders as promised, plus receipts that count. Orders without a day or past it leave today.
-- grain: one row per day with something leaving or coming in, today first
WITH day AS (SELECT c.today FROM core.company c),
event AS (
    SELECT greatest(coalesce(l.promised_date, l.requested_date, l.order_date, d.today), d.today) AS day, l.quantity - l.shipped_quantity AS leaves, 0 AS comes,
           CAST(NULL AS VARCHAR) AS document
    FROM core.sales_order_line l CROSS JOIN day d
    WHERE l.status = 'open' AND l.quantity > l.shipped_quantity AND l.product_id = $item
    UNION ALL
    SELECT r.expected_date, 0, r.quantity, coalesce(nullif(r.document_no, r.document_id), regexp_replace(r.document_id, '^[^:]*:', ''))
    FROM marts.receipt r WHERE r.product_id = $item AND NOT r.is_overdue AND r.expected_date IS NOT NULL
    UNION ALL
    SELECT today, 0, 0, NULL FROM day
),
held AS (SELECT coalesce(sum(quantity), 0) AS on_hand FROM core.stock_on_hand WHERE product_id = $item),
daily AS (SELECT day, sum(leaves) AS leaves, sum(comes) AS comes, string_agg(document, ', ' ORDER BY document) AS documents FROM event GROUP BY day)
SELECT d.day, d.leaves, d.comes, d.documents, h.on_hand + sum(d.comes - d.leaves) OVER (ORDER BY d.day) AS balance
FROM daily d CROSS JOIN held h
ORDER BY d.day
