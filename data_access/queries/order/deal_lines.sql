-- doc: What a deal was about against what this order has of it, where the two differ in quantity.
-- grain: one row per product
WITH asked AS (SELECT max(opportunity_id) AS opportunity_id FROM core.sales_order_line WHERE order_id = $order),
won AS (
    SELECT d.product_id, sum(d.quantity) AS quantity, sum(d.amount_base) AS amount
    FROM core.opportunity_line d JOIN asked a ON a.opportunity_id = d.opportunity_id
    WHERE d.product_id IS NOT NULL
    GROUP BY d.product_id
),
ordered AS (
    SELECT product_id, sum(quantity) AS quantity, sum(amount_base) AS amount
    FROM core.sales_order_line
    WHERE order_id = $order AND status <> 'cancelled' AND product_id IS NOT NULL
    GROUP BY product_id
)
SELECT product_id, p.sku, p.name, coalesce(w.quantity, 0) AS deal_quantity, coalesce(o.quantity, 0) AS ordered_quantity,
       coalesce(o.amount, 0) - coalesce(w.amount, 0) AS difference
FROM won w
FULL JOIN ordered o USING (product_id)
JOIN core.product p USING (product_id)
WHERE EXISTS (FROM won) AND coalesce(w.quantity, 0) <> coalesce(o.quantity, 0)
ORDER BY abs(difference) DESC, product_id
