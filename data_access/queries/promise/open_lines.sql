-- doc: Open lines, and whether they are plain: every warehouse of the product holds all that is promised from it, so that each line leaves from its own, the day it is wanted.
-- grain: one row per open order line of a known product
WITH wanted AS (
    SELECT line_id, product_id, warehouse_id, quantity - shipped_quantity AS quantity, coalesce(promised_date, requested_date, order_date) AS wanted_date
    FROM core.sales_order_line
    WHERE status = 'open' AND quantity > shipped_quantity AND product_id IS NOT NULL
),
place AS (
    SELECT coalesce(w.product_id, s.product_id) AS product_id,
           coalesce(s.quantity, 0) >= coalesce(w.quantity, 0) AND coalesce(s.warehouse_id, w.warehouse_id) IS NOT NULL AS holds_enough
    FROM (SELECT product_id, warehouse_id, sum(quantity) AS quantity FROM wanted GROUP BY product_id, warehouse_id) w
    FULL JOIN core.stock_on_hand s ON s.product_id = w.product_id AND s.warehouse_id = w.warehouse_id
)
SELECT w.line_id, w.product_id, greatest(w.wanted_date, CAST($today AS DATE)) AS day, p.is_plain
FROM wanted w
JOIN (SELECT product_id, bool_and(holds_enough) AS is_plain FROM place GROUP BY product_id) p ON p.product_id = w.product_id
ORDER BY w.line_id
