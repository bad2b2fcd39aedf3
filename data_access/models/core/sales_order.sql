-- doc: Sales orders, as their lines tell of them. What is booked leaves out quotations and cancelled lines.
-- grain: one row per sales order
-- partition: order_id
-- by: core.sales_order_line order_id
SELECT order_id, min(order_no) AS order_no, arg_min(customer_id, line_id) AS customer_id, bool_or(is_booked) AS is_booked,
       arg_min(opportunity_id, line_id) FILTER (WHERE is_booked) AS opportunity_id,
       min(order_date) FILTER (WHERE is_booked) AS booked_date, sum(amount_base) FILTER (WHERE is_booked) AS booked_base
FROM (SELECT *, coalesce(status IN ('open', 'shipped', 'done'), FALSE) AS is_booked FROM core.sales_order_line) l
GROUP BY order_id
