-- doc: What sells against what we hold, item by item: cover, run-out, the gap to the next receipt, and the money in it. Money at risk needs two weeks of orders.
-- grain: one row per product with expected demand or stock
WITH stock AS (
    SELECT product_id, CAST(sum(quantity) AS DECIMAL(18,6)) AS on_hand FROM core.stock_on_hand GROUP BY product_id
),
next_receipt AS (
    SELECT product_id, expected_date, sum(quantity) AS quantity,
           row_number() OVER (PARTITION BY product_id ORDER BY expected_date) AS nth
    FROM marts.receipt
    WHERE NOT is_overdue AND expected_date IS NOT NULL
    GROUP BY product_id, expected_date
),
waiting AS (
    SELECT product_id, count(DISTINCT order_id) AS orders_waiting FROM core.sales_order_line
    WHERE status = 'open' AND quantity > shipped_quantity GROUP BY product_id
),
deals AS (SELECT product_id, count(DISTINCT opportunity_id) AS deals_waiting FROM marts.deal_demand GROUP BY product_id),
joined AS (
    SELECT b.*, p.sku, p.name, coalesce(p.category, '–') AS category, c.today, c.digits, c.days_of_orders >= 14 AS is_known,
           coalesce(s.on_hand, 0) AS on_hand, greatest(coalesce(s.on_hand, 0), 0) AS stock, x.net_price, x.price_from,
           d.cover_days AS cover_days_deals, r.expected_date, r.quantity AS receipt_quantity, w.orders_waiting, o.deals_waiting,
           CASE WHEN b.cover_days IS NULL THEN 0 WHEN b.cover_days = 0 THEN b.demand_6_weeks / 6
                WHEN b.cover_days >= 728 THEN b.demand_104_weeks / 104
                ELSE CAST(stock AS DOUBLE) / (b.cover_days / 7) END AS weekly_quantity
    FROM marts.item_cover b
    JOIN marts.item_cover d ON d.product_id = b.product_id AND d.scenario = 'deals'
    JOIN core.product p ON p.product_id = b.product_id
    JOIN marts.item_price x ON x.product_id = b.product_id
    CROSS JOIN marts.span c
    LEFT JOIN stock s ON s.product_id = b.product_id
    LEFT JOIN next_receipt r ON r.product_id = b.product_id AND r.nth = 1
    LEFT JOIN waiting w ON w.product_id = b.product_id
    LEFT JOIN deals o ON o.product_id = b.product_id
    -- A service is neither bought, made nor held: it cannot run out.
    WHERE b.scenario = 'base'
        AND (p.supply IS DISTINCT FROM 'none' OR EXISTS (FROM core.stock_move m WHERE m.product_id = b.product_id))
)
SELECT product_id, sku, name, category, on_hand, net_price, price_from, CAST(weekly_quantity AS DECIMAL(18,6)) AS weekly_quantity,
       money(extend(CAST(weekly_quantity AS DECIMAL(18,6)), net_price, digits)) AS weekly_sales,
       money(extend(stock, net_price, digits)) AS stock_value,
       cover_days / 7 AS cover_weeks, cover_days_deals / 7 AS cover_weeks_deals,
       CASE WHEN round(cover_days, 4) < 728 THEN today + CAST(floor(round(cover_days, 4)) AS INTEGER) END AS run_out_date,
       expected_date AS next_receipt_date, CAST(receipt_quantity AS DECIMAL(18,6)) AS next_receipt_quantity,
       CASE WHEN is_known AND missing_quantity > 0 THEN cover_days / 7 END AS gap_weeks_from,
       CASE WHEN is_known AND missing_quantity > 0 THEN edge_day / 7 END AS gap_weeks_to,
       CASE WHEN is_known THEN CAST(missing_quantity AS DECIMAL(18,6)) END AS at_risk_quantity,
       CASE WHEN is_known THEN money(extend(CAST(missing_quantity AS DECIMAL(18,6)), net_price, digits)) END AS at_risk,
       coalesce(orders_waiting, 0) AS orders_waiting, coalesce(deals_waiting, 0) AS deals_waiting,
       money(extend(greatest(stock - CAST(demand_10_weeks AS DECIMAL(18,6)), 0), net_price, digits)) AS over_10_weeks_value
FROM joined
