-- doc: Everything sold, twice over: booked by order date, and shipped (revenue and cost) by shipping date, with what it can be narrowed by. The margin's revenue counts only where the cost is known.
-- grain: one row per booked order line (event booked) and per shipment or return of one (event shipped)
-- partition: line_id
-- by: core.sales_order_line line_id; core.shipment line_id
-- lookups: core.customer
WITH event AS (
    SELECT 'booked' AS event, l.order_date AS day, l.source, l.order_id, l.line_id, l.customer_id, l.product_id, l.warehouse_id,
           l.quantity, l.amount_base AS booked_base, CAST(NULL AS DECIMAL(18,4)) AS revenue_base, CAST(NULL AS DECIMAL(18,4)) AS cost_base
    FROM core.sales_order_line l
    WHERE l.status IN ('open', 'shipped', 'done') AND l.order_date IS NOT NULL
    UNION ALL
    SELECT 'shipped', s.effective_date, s.source, s.order_id, s.line_id, s.customer_id, s.product_id, s.warehouse_id,
           s.quantity, NULL, s.revenue_base, s.cost_base
    FROM core.shipment s
    WHERE s.effective_date IS NOT NULL
)
SELECT e.event, e.day, e.source, e.order_id, e.line_id, e.customer_id, e.product_id, coalesce(c.region, '–') AS region,
       coalesce(c.owner, '–') AS owner, coalesce(c.segment, '–') AS segment, coalesce(p.category, '–') AS category,
       coalesce(w.code, '–') AS warehouse, e.quantity, e.booked_base, e.revenue_base,
       CASE WHEN e.cost_base IS NOT NULL THEN e.revenue_base END AS costed_revenue_base,
       CASE WHEN e.revenue_base IS NOT NULL THEN e.cost_base END AS cost_base
FROM event e
LEFT JOIN core.customer c ON c.customer_id = e.customer_id
LEFT JOIN core.product p ON p.product_id = e.product_id
LEFT JOIN core.warehouse w ON w.warehouse_id = e.warehouse_id
