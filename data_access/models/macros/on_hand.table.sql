-- On hand at the end of any day: all done moves into minus out of a warehouse. Every pair that ever had a move, zero included.
CREATE OR REPLACE MACRO core.on_hand_at(day) AS TABLE
    WITH flow AS (
        SELECT product_id, to_warehouse_id AS warehouse_id, effective_date, quantity
        FROM core.stock_move WHERE status = 'done' AND to_warehouse_id IS NOT NULL AND product_id IS NOT NULL
        UNION ALL
        SELECT product_id, from_warehouse_id, effective_date, -quantity
        FROM core.stock_move WHERE status = 'done' AND from_warehouse_id IS NOT NULL AND product_id IS NOT NULL
    )
    SELECT product_id, warehouse_id,
           CAST(sum(CASE WHEN effective_date <= CAST(day AS DATE) THEN quantity ELSE 0 END) AS DECIMAL(18,6)) AS quantity
    FROM flow
    GROUP BY product_id, warehouse_id;
