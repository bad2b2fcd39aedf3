-- doc: Sales orders as they can be found by typing their number: codes is the number in one piece, without spaces and signs.
-- grain: one row per sales order and number
-- partition: id
-- by: core.sales_order_line order_id
SELECT 'order' AS kind, o.order_id AS id, o.order_no AS title, arg_min(k.name, o.line_id) AS detail, CAST(NULL AS VARCHAR) AS title_words,
       CAST(NULL AS VARCHAR) AS words, norm_tax(o.order_no) AS codes, epoch(max(o.order_date)) AS weight
FROM core.sales_order_line o
LEFT JOIN core.customer k ON k.customer_id = o.customer_id
WHERE o.order_no IS NOT NULL
GROUP BY o.order_id, o.order_no
