-- doc: What large deals add to the forecast, measured: the items such deals wanted eight weeks ago, how far off their forecast was since then with and without them, at net price.
-- grain: one row
WITH term AS (
    SELECT product_id, week_start, sum(weighted_quantity) AS quantity, count(DISTINCT opportunity_id) AS deals FROM marts.deal_recalled GROUP BY product_id, week_start
),
item AS (
    SELECT r.product_id, r.period_start, r.mean, r.actual, coalesce(t.quantity, 0) AS term, CAST(x.net_price AS DOUBLE) AS price
    FROM plan.forecast_recalled r
    JOIN core.product p ON p.product_id = r.product_id
    JOIN marts.item_price x ON x.product_id = r.product_id AND x.net_price > 0
    LEFT JOIN term t ON t.product_id = r.product_id AND t.week_start = r.period_start
    WHERE r.product_id IN (SELECT product_id FROM term) AND ($category IS NULL OR list_contains($category, coalesce(p.category, '–')))
),
whole AS (
    SELECT product_id, sum(mean) AS mean, sum(actual) AS actual, sum(term) AS term, any_value(price) AS price FROM item GROUP BY product_id
)
SELECT count(*) AS items, sum(term * price) AS added, sum(actual * price) AS came,
       sum(abs(mean - actual) * price) / nullif(sum(actual * price), 0) AS error_without,
       sum(abs(mean + term - actual) * price) / nullif(sum(actual * price), 0) AS error_with
FROM whole
