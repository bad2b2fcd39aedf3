-- doc: What sells against what we hold, one bar an item: height weekly sales, length cover, so that the area is the stock at sales value.
-- grain: one row per product with expected demand or stock
SELECT category, product_id, sku, name, weekly_sales, stock_value, on_hand, cover_weeks, cover_weeks_deals, run_out_date,
       next_receipt_date, next_receipt_quantity, gap_weeks_from, gap_weeks_to, at_risk, orders_waiting, deals_waiting,
       over_10_weeks_value
FROM marts.item
ORDER BY sum(weekly_sales) OVER (PARTITION BY category) DESC, category, cover_weeks ASC NULLS LAST, product_id
