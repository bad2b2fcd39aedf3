-- doc: On hand differs from the sum of all done moves.
-- grain: one row per product
-- severity: gate
-- title_zh: 现有库存与已完成移动之和不符。
-- table: core.stock_on_hand
WITH moved AS (
    SELECT m.product_id,
           sum(CASE WHEN m.to_warehouse_id IS NOT NULL THEN m.quantity ELSE 0 END
             - CASE WHEN m.from_warehouse_id IS NOT NULL THEN m.quantity ELSE 0 END) AS quantity
    FROM core.stock_move m JOIN core.company c ON m.effective_date <= c.today
    WHERE m.status = 'done' AND m.product_id IS NOT NULL
    GROUP BY m.product_id
),
held AS (SELECT product_id, sum(quantity) AS quantity FROM core.stock_on_hand GROUP BY product_id)
SELECT coalesce(m.product_id, h.product_id) AS product_id, m.quantity AS moved, h.quantity AS on_hand
FROM moved m
FULL JOIN held h ON h.product_id = m.product_id
WHERE coalesce(m.quantity, 0) <> coalesce(h.quantity, 0)
