-- doc: On hand on the published day, valued at the product's unit cost. Negative quantities stay visible; zero rows are left out.
-- grain: one row per product and warehouse
SELECT c.today AS as_of, h.product_id, h.warehouse_id, h.quantity,
       money(extend(h.quantity, p.unit_cost, c.digits)) AS value_base
FROM staging.company c
CROSS JOIN core.on_hand_at(c.today) h
JOIN core.product p ON p.product_id = h.product_id
WHERE h.quantity <> 0
