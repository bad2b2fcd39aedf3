-- doc: Who wants what, in the order it is served: what is open of orders by promised day, then the deals of 8 weeks by closing day, likeliest first. have: stock and receipts of 8 weeks; short: the part of a need beyond it; served_date: when supply has come for all up to here.
-- grain: one row per open order line, and per open deal and product
WITH wanted AS (
    SELECT 'order' AS kind, l.line_id AS need_id, l.order_id AS document_id, l.order_no AS document_no, l.customer_id, l.product_id, l.warehouse_id,
           coalesce(l.promised_date, l.requested_date) AS wanted_date, CAST(l.quantity - coalesce(l.shipped_quantity, 0) AS DECIMAL(18,6)) AS quantity,
           1.0::DOUBLE AS probability, money(share(l.amount_base, l.quantity - coalesce(l.shipped_quantity, 0), l.quantity, c.digits)) AS amount_base
    FROM core.sales_order_line l CROSS JOIN core.company c
    WHERE l.status = 'open' AND l.quantity > coalesce(l.shipped_quantity, 0) AND l.product_id IS NOT NULL
    UNION ALL
    SELECT 'deal', d.opportunity_id || ' ' || d.product_id, d.opportunity_id, o.name, o.customer_id, d.product_id, NULL,
           o.expected_close, CAST(d.quantity AS DECIMAL(18,6)), d.probability, NULL
    FROM marts.deal_demand d
    JOIN marts.open_deal o ON o.opportunity_id = d.opportunity_id
    CROSS JOIN core.company c
    WHERE d.quantity > 0 AND o.close_week < c.today + 56
),
dated AS (
    SELECT w.*, greatest(w.wanted_date, c.today) AS day, w.kind = 'deal' OR greatest(w.wanted_date, c.today) < c.today + 56 AS is_near
    FROM wanted w CROSS JOIN core.company c
),
queued AS (
    SELECT *, sum(quantity) OVER (PARTITION BY product_id, kind ORDER BY day, probability DESC, need_id)
           + CASE WHEN kind = 'deal' THEN coalesce(sum(quantity) FILTER (WHERE kind = 'order' AND is_near) OVER (PARTITION BY product_id), 0) ELSE 0 END AS upto
    FROM dated
),
horizon AS (
    SELECT s.product_id, max(s.upto) AS have FROM marts.supply s JOIN core.company c ON s.day < c.today + 56 GROUP BY s.product_id
)
SELECT q.kind, q.need_id, q.document_id, q.document_no, q.customer_id, q.product_id, q.warehouse_id, q.wanted_date, q.day, q.is_near,
       q.quantity, q.probability, q.amount_base, CAST(q.upto AS DECIMAL(18,6)) AS upto, coalesce(h.have, 0) AS have,
       CASE WHEN q.is_near THEN CAST(greatest(0, least(q.quantity, q.upto - coalesce(h.have, 0))) AS DECIMAL(18,6)) ELSE 0 END AS short,
       s.day AS served_date
FROM queued q
LEFT JOIN horizon h ON h.product_id = q.product_id
ASOF LEFT JOIN marts.supply s ON s.product_id = q.product_id AND q.upto <= s.upto
