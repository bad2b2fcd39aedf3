-- doc: Every item by how fast it sells and how long it lasts. is_fast: one of the items that together make 80 % of weekly sales.
-- grain: one row per product with expected demand or stock
SELECT product_id, sku, name, category, weekly_sales, cover_weeks, stock_value, at_risk, run_out_date, next_receipt_date, over_10_weeks_value,
       weekly_sales > 0 AND coalesce(sum(weekly_sales) OVER (ORDER BY weekly_sales DESC, product_id ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0)
           < 0.8 * sum(weekly_sales) OVER () AS is_fast
FROM marts.item
WHERE $category IS NULL OR list_contains($category, category)
ORDER BY stock_value DESC, product_id
