-- doc: Service cases, tied to the ERP's order by its number and to the product by SKU. Without a customer of its own a case belongs to its order's.
-- grain: one row per ticket
-- partition: order_no
-- by: staging.ticket order_no; core.sales_order order_no NOT NULL
-- lookups: core.customer_link
WITH order_no AS (
    SELECT order_no, min(order_id) AS order_id, arg_min(customer_id, order_id) AS customer_id
    FROM core.sales_order
    WHERE order_no IS NOT NULL
    GROUP BY order_no
)
SELECT gid(t.source, t.ticket_id) AS ticket_id, coalesce(k.customer_id, o.customer_id) AS customer_id, o.order_id,
       t.order_no, p.product_id, t.opened_at, t.closed_at, t.priority, t.status, t.subject, t.satisfaction, t.source
FROM staging.ticket t
LEFT JOIN core.customer_link k ON k.source = t.source AND k.source_id = t.customer_id
LEFT JOIN order_no o ON o.order_no = t.order_no
LEFT JOIN core.product_sku p ON p.sku = t.product_sku
