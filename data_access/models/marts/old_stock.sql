-- doc: Stock that came in over 180 days ago, at cost, and who or what could take it: open deals with the item, else a purchase to cancel while it lasts over ten weeks, else a warehouse that runs short, else buyers of 52 weeks (those with an open service case counted apart).
-- grain: one row per product with old stock
WITH deal AS (
    SELECT d.product_id, count(DISTINCT d.opportunity_id) AS deals, arg_max(o.customer_id, (d.probability, d.opportunity_id)) AS customer_id
    FROM marts.deal_demand d JOIN marts.open_deal o ON o.opportunity_id = d.opportunity_id
    WHERE d.basis = 'line' GROUP BY d.product_id
),
bought AS (
    SELECT product_id, min(document_no) AS document_no, sum(quantity) AS quantity FROM marts.receipt WHERE kind = 'buy' GROUP BY product_id
),
asking AS (SELECT DISTINCT customer_id FROM core.ticket WHERE closed_at IS NULL AND customer_id IS NOT NULL),
buyer AS (
    SELECT l.product_id, count(DISTINCT l.customer_id) AS buyers, count(DISTINCT a.customer_id) AS asking
    FROM core.sales_order_line l CROSS JOIN core.company c
    LEFT JOIN asking a ON a.customer_id = l.customer_id
    WHERE l.status IN ('open', 'shipped', 'done') AND l.quantity > 0 AND l.order_date > c.today - 364 AND l.order_date <= c.today AND l.product_id IS NOT NULL
    GROUP BY l.product_id
)
SELECT p.product_id, p.old_value, p.old_quantity, p.value_base, p.pace, p.last_out_date, i.cover_weeks,
       coalesce(d.deals, 0) AS deals, d.customer_id, b.document_no, t.to_warehouse_id, coalesce(y.buyers, 0) AS buyers, coalesce(y.asking, 0) AS asking,
       CASE WHEN d.deals > 0 THEN 'deals' WHEN b.document_no IS NOT NULL AND i.cover_weeks > 10 THEN 'cancel'
            WHEN t.to_warehouse_id IS NOT NULL THEN 'move' WHEN y.asking > 0 THEN 'service' WHEN y.buyers > 0 THEN 'buyers' ELSE 'none' END AS taker
FROM marts.item_pace p
LEFT JOIN marts.item i ON i.product_id = p.product_id
LEFT JOIN deal d ON d.product_id = p.product_id
LEFT JOIN bought b ON b.product_id = p.product_id
LEFT JOIN marts.transfer t ON t.product_id = p.product_id
LEFT JOIN buyer y ON y.product_id = p.product_id
WHERE p.old_value > 0
