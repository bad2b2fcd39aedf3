-- doc: How much history there is: the first days show less, and say so.
-- grain: one row
SELECT c.today, c.currency, c.digits, o.first_order_date, s.first_shipment_date,
       CASE WHEN o.first_order_date <= c.today THEN c.today - o.first_order_date + 1 ELSE 0 END AS days_of_orders,
       o.unconverted_lines
FROM core.company c
CROSS JOIN (
    SELECT min(order_date) AS first_order_date,
           count(*) FILTER (WHERE amount_base IS NULL) AS unconverted_lines
    FROM core.sales_order_line
    WHERE status IN ('open', 'shipped', 'done')
) o
CROSS JOIN (SELECT min(effective_date) AS first_shipment_date FROM core.shipment) s
