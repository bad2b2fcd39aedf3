-- doc: How old the stock is, at cost. What lies there came in from outside with the newest receipts (first in, first out over all warehouses); a warehouse holds the mix of ages of its product. below_zero: booked out before it was booked in.
-- grain: one row per product, warehouse and age
WITH came AS (
    SELECT f.product_id, sum(f.quantity) FILTER (WHERE f.day >= c.today - 30) AS in_30, sum(f.quantity) FILTER (WHERE f.day >= c.today - 90) AS in_90,
           sum(f.quantity) FILTER (WHERE f.day >= c.today - 180) AS in_180, sum(f.quantity) FILTER (WHERE f.day >= c.today - 365) AS in_365
    FROM marts.stock_flow f CROSS JOIN core.company c
    WHERE f.is_outside AND f.quantity > 0 AND f.day <= c.today
    GROUP BY f.product_id
),
held AS (
    SELECT h.product_id, h.warehouse_id, h.quantity, p.unit_cost,
           sum(greatest(h.quantity, 0)) OVER (PARTITION BY h.product_id) AS everywhere
    FROM core.stock_on_hand h JOIN core.product p ON p.product_id = h.product_id
),
-- Quantity of a warehouse not older than each age; the last takes in all there is.
younger AS (
    SELECT h.product_id, h.warehouse_id, h.quantity, h.unit_cost, a.age_no, a.age,
           CASE WHEN a.age_no = 5 THEN h.quantity
                ELSE CAST(CAST(h.quantity AS DOUBLE) * least(1, coalesce(CAST(a.came AS DOUBLE), 0) / CAST(h.everywhere AS DOUBLE)) AS DECIMAL(18,6))
           END AS upto
    FROM held h
    LEFT JOIN came c ON c.product_id = h.product_id
    CROSS JOIN LATERAL (VALUES (1, '0-30', c.in_30), (2, '31-90', c.in_90), (3, '91-180', c.in_180), (4, '181-365', c.in_365), (5, 'over_365', NULL)) a(age_no, age, came)
    WHERE h.quantity > 0
),
valued AS (
    SELECT y.product_id, y.warehouse_id, y.age_no, y.age, y.upto, money(extend(y.upto, y.unit_cost, c.digits)) AS value_upto
    FROM younger y CROSS JOIN core.company c
),
layer AS (
    SELECT product_id, warehouse_id, age_no, age,
           CAST(upto - coalesce(lag(upto) OVER w, 0) AS DECIMAL(18,6)) AS quantity, money(value_upto - coalesce(lag(value_upto) OVER w, 0)) AS value_base
    FROM valued
    WINDOW w AS (PARTITION BY product_id, warehouse_id ORDER BY age_no)
)
SELECT product_id, warehouse_id, age_no, age, quantity, value_base FROM layer WHERE quantity <> 0
UNION ALL
SELECT product_id, warehouse_id, 0, 'below_zero', quantity, value_base FROM core.stock_on_hand WHERE quantity < 0
