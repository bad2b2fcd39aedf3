-- doc: Sales order lines of all ERPs with golden customers, base amounts, and what was shipped of them. Open lines become shipped when nothing is left to ship.
-- grain: one row per sales order line
-- partition: order_id
-- by: staging.sales_order_line gid(source, order_id); core.order_line_base gid(source, order_id); core.shipment order_id
-- lookups: core.customer_link, core.opportunity_key
WITH shipped AS (
    SELECT line_id, sum(quantity) AS quantity, sum(cost_base) AS cost_base, count(*) AS moves,
           max(effective_date) FILTER (WHERE kind = 'shipment') AS last_shipment, max(effective_date) AS last_move
    FROM core.shipment
    GROUP BY line_id
),
-- The ERP names a deal by the id the CRM gave it.
deal AS (
    SELECT source_id, arg_min(opportunity_id, (is_erp, source)) AS crm_deal FROM core.opportunity_key GROUP BY source_id
)
SELECT l.source, gid(l.source, l.order_id) AS order_id, l.order_no, gid(l.source, l.line_id) AS line_id,
       l.order_date, l.requested_date, l.promised_date, k.customer_id, p.product_id,
       gid(l.source, l.warehouse_id) AS warehouse_id, l.quantity, l.unit_price, l.currency, b.amount, b.amount_base,
       money(CASE WHEN s.line_id IS NULL THEN 0 ELSE s.cost_base END) AS cost_base,
       CASE WHEN l.status = 'open' AND l.quantity <> 0 AND abs(s.quantity) >= abs(l.quantity) THEN 'shipped'
            ELSE l.status END AS status,
       CAST(coalesce(s.quantity, 0) AS DECIMAL(18,6)) AS shipped_quantity,
       CASE WHEN l.quantity < 0 THEN s.last_move ELSE s.last_shipment END AS shipped_date,
       coalesce(own.opportunity_id, d.crm_deal) AS opportunity_id,
       l.ordered_at, l.owner, b.rate
FROM staging.sales_order_line l
JOIN core.order_line_base b ON b.source = l.source AND b.line_id = l.line_id
LEFT JOIN core.customer_link k ON k.source = l.source AND k.source_id = l.customer_id
LEFT JOIN core.product p ON p.product_id = gid(l.source, l.product_id)
LEFT JOIN shipped s ON s.line_id = gid(l.source, l.line_id)
LEFT JOIN deal d ON d.source_id = l.opportunity_id
LEFT JOIN core.opportunity_key own ON own.source = l.source AND own.source_id = l.opportunity_id
