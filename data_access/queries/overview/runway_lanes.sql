-- doc: The lanes of the runway. A lane's cover is the mean of its items' covers weighted by weekly sales: the mean length of its bars.
-- grain: one row per product category
SELECT category, sum(weekly_sales) AS weekly_sales, sum(stock_value) AS stock_value,
       sum(cover_weeks * CAST(weekly_sales AS DOUBLE)) / nullif(CAST(sum(weekly_sales) AS DOUBLE), 0) AS cover_weeks,
       sum(coalesce(cover_weeks_deals, cover_weeks) * CAST(weekly_sales AS DOUBLE)) / nullif(CAST(sum(weekly_sales) AS DOUBLE), 0) AS cover_weeks_deals,
       sum(at_risk) AS at_risk, count(*) AS items, sum(over_10_weeks_value) AS over_10_weeks_value
FROM marts.item
GROUP BY category
ORDER BY sum(weekly_sales) DESC, category
