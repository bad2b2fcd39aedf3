-- doc: Stock at sales value, its cover (the mean of the items' covers weighted by weekly sales) and the money at risk; and the same of all items.
-- grain: one row
WITH item AS (
    SELECT *, ($category IS NULL OR list_contains($category, category)) AND ($sku IS NULL OR list_contains($sku, sku)) AS is_chosen
    FROM marts.item
)
SELECT sum(stock_value) FILTER (WHERE is_chosen) AS stock_value, sum(stock_value) AS stock_value_all,
       sum(weekly_sales) FILTER (WHERE is_chosen) AS weekly_sales, sum(weekly_sales) AS weekly_sales_all,
       sum(cover_weeks * CAST(weekly_sales AS DOUBLE)) FILTER (WHERE is_chosen)
           / nullif(CAST(sum(weekly_sales) FILTER (WHERE is_chosen) AS DOUBLE), 0) AS cover_weeks,
       coalesce(sum(at_risk) FILTER (WHERE is_chosen), 0) AS at_risk, count(*) FILTER (WHERE is_chosen AND at_risk > 0) AS items_at_risk,
       coalesce(sum(orders_waiting) FILTER (WHERE is_chosen AND at_risk > 0), 0) AS orders_waiting
FROM item
