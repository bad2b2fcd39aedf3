-- doc: One order: whose, what it is worth, how it was delivered, and the deal behind it. Its value is that of its booked lines, of what is quoted while nothing is booked; cancelled lines are no part of it.
-- grain: one row, none where there is no such order
-- lookups: core.customer, core.warehouse, marts.span
WITH asked AS (
    SELECT *, status IN ('open', 'shipped', 'done') AS is_booked, status IN ('draft', 'quotation') AS is_quoted,
           bool_or(status IN ('open', 'shipped', 'done')) OVER () AS any_booked
    FROM core.sales_order_line
    WHERE order_id = $order
),
line AS (
    SELECT order_id, any_value(source) AS source, any_value(order_no) AS order_no, min(order_date) AS order_date, any_value(customer_id) AS customer_id,
           any_value(owner) AS owner, any_value(currency) AS currency, any_value(opportunity_id) AS opportunity_id, count(*) AS lines,
           count(*) FILTER (WHERE status = 'cancelled') AS lines_cancelled, count(*) FILTER (WHERE is_quoted) AS lines_quoted,
           count(*) FILTER (WHERE status = 'open') AS lines_open, count(*) FILTER (WHERE quantity < 0) AS lines_returned,
           count(*) FILTER (WHERE status <> 'cancelled' AND amount_base IS NULL) AS lines_unconverted,
           coalesce(sum(amount_base) FILTER (WHERE is_booked OR is_quoted AND NOT any_booked), 0) AS value,
           sum(amount) FILTER (WHERE is_booked OR is_quoted AND NOT any_booked) AS value_in_currency,
           list(DISTINCT warehouse_id ORDER BY warehouse_id) FILTER (WHERE warehouse_id IS NOT NULL) AS warehouses
    FROM asked
    GROUP BY order_id
),
shipped AS (
    SELECT sum(revenue_base) AS shipped, sum(costed_revenue_base) AS costed_revenue, sum(cost_base) AS cost
    FROM marts.sale WHERE event = 'shipped' AND order_id = $order
),
due AS (
    SELECT count(*) FILTER (WHERE d.promised_date < s.today OR d.delivered_date IS NOT NULL) AS lines_due,
           count(*) FILTER (WHERE d.is_on_time) AS lines_on_time, coalesce(max(d.days_late), 0) AS days_late
    FROM marts.delivery d CROSS JOIN marts.span s WHERE d.order_id = $order
),
place AS (
    SELECT string_agg(w.name, ', ' ORDER BY w.code) AS warehouse_names, any_value(w.code) AS warehouse, count(*) AS warehouse_count
    FROM core.warehouse w WHERE list_contains((SELECT warehouses FROM line), w.warehouse_id)
)
SELECT l.order_id, l.order_no, l.source, l.order_date, l.customer_id, c.name AS customer, c.region, coalesce(l.owner, c.owner) AS owner,
       p.warehouse_names, p.warehouse, p.warehouse_count, l.currency, l.lines, l.lines_open, l.lines_quoted, l.lines_cancelled, l.lines_returned,
       l.lines_unconverted, l.value, l.value_in_currency, coalesce(s.shipped, 0) AS shipped,
       CAST(s.costed_revenue - s.cost AS DOUBLE) / nullif(CAST(s.costed_revenue AS DOUBLE), 0) AS gross_margin,
       d.lines_due, d.lines_on_time, d.days_late, l.opportunity_id
FROM line l
CROSS JOIN shipped s
CROSS JOIN due d
CROSS JOIN place p
LEFT JOIN core.customer c ON c.customer_id = l.customer_id
