-- doc: What left for a customer, and what came back (negative). Revenue is the line's base amount handed out by cumulative quantity, so that a full shipment sums to it exactly.
-- grain: one row per done shipment or return move of a sales order line
-- partition: line_id
-- by: staging.sales_order_line gid(source, line_id); core.order_line_base gid(source, line_id); core.stock_move order_line_id NOT NULL
-- lookups: core.customer_link
WITH line AS (
    SELECT gid(l.source, l.line_id) AS line_id, gid(l.source, l.order_id) AS order_id, k.customer_id,
           p.product_id, l.quantity, b.amount_base
    FROM staging.sales_order_line l
    JOIN core.order_line_base b ON b.source = l.source AND b.line_id = l.line_id
    LEFT JOIN core.customer_link k ON k.source = l.source AND k.source_id = l.customer_id
    LEFT JOIN core.product p ON p.product_id = gid(l.source, l.product_id)
),
shipped AS (
    SELECT m.source, m.move_id, m.effective_date, m.kind, l.line_id, l.order_id, l.customer_id,
           coalesce(m.product_id, l.product_id) AS product_id,
           coalesce(m.from_warehouse_id, m.to_warehouse_id) AS warehouse_id,
           CASE m.kind WHEN 'return' THEN -m.quantity ELSE m.quantity END AS quantity,
           m.unit_cost, l.quantity AS ordered, l.amount_base
    FROM core.stock_move m
    JOIN line l ON l.line_id = m.order_line_id
    WHERE m.status = 'done' AND m.kind IN ('shipment', 'return')
),
running AS (
    SELECT *, sum(quantity) OVER (PARTITION BY line_id ORDER BY effective_date, move_id
                                  ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS running_quantity
    FROM shipped
),
allocated AS (
    SELECT r.*, c.digits, share(r.amount_base, r.running_quantity, r.ordered, c.digits) AS revenue_to_here,
           share(r.amount_base, r.running_quantity - r.quantity, r.ordered, c.digits) AS revenue_before
    FROM running r CROSS JOIN staging.company c
)
SELECT a.source, a.move_id, a.line_id, a.order_id, a.effective_date, a.customer_id, a.product_id, a.warehouse_id,
       a.kind, a.quantity, money(a.revenue_to_here - a.revenue_before) AS revenue_base,
       money(extend(a.quantity, coalesce(a.unit_cost, p.unit_cost), a.digits)) AS cost_base
FROM allocated a
LEFT JOIN core.product p ON p.product_id = a.product_id
