-- doc: The items with the shortest cover among those no money is (or can yet be) known to be at risk for.
-- grain: one row per product, the lowest six
SELECT product_id, sku, name, category, at_risk, run_out_date, next_receipt_date, orders_waiting, cover_weeks,
       gap_weeks_from, gap_weeks_to
FROM marts.item
WHERE cover_weeks IS NOT NULL AND weekly_sales > 0 AND coalesce(at_risk, 0) = 0
ORDER BY cover_weeks, weekly_sales DESC, product_id
LIMIT 6
