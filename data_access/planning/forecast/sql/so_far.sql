-- doc: What was asked for so far of what is still sold; without a product only the total counts it.
-- grain: one row per product asked for, and one for lines that name none
SELECT s.product_id, CAST(s.quantity AS DOUBLE) AS quantity, CAST(s.amount_base AS DOUBLE) AS amount, coalesce(p.is_active, TRUE) AS is_active
FROM marts.item_so_far s
LEFT JOIN core.product p ON p.product_id = s.product_id
