-- doc: How good the forecast has been by kind of demand, four weeks ahead over the last year, weighted by volume at net price; and how many items it served worse than repeating last year.
-- grain: one row per kind of demand, and one of the total (kind NULL)
WITH item AS (
    SELECT a.*, coalesce(i.weekly_sales, 0)::DOUBLE AS weight
    FROM plan.forecast_accuracy a
    JOIN core.product p ON p.product_id = a.product_id
    LEFT JOIN marts.item i ON i.product_id = a.product_id
    WHERE $category IS NULL OR list_contains($category, coalesce(p.category, '–'))
)
SELECT kind, any_value(model) AS model, count(*) AS items, sum(wape * weight) / nullif(sum(weight) FILTER (WHERE wape IS NOT NULL), 0) AS wape,
       sum(naive_wape * weight) / nullif(sum(weight) FILTER (WHERE naive_wape IS NOT NULL), 0) AS naive_wape,
       sum(bias * weight) / nullif(sum(weight) FILTER (WHERE bias IS NOT NULL), 0) AS bias, avg(coverage80) AS coverage80,
       count(*) FILTER (WHERE beats_naive) AS items_better, count(*) FILTER (WHERE NOT beats_naive) AS items_worse,
       count(*) FILTER (WHERE abs(tracking_signal) > 4) AS items_drifting
FROM item
GROUP BY kind
UNION ALL
SELECT NULL, model, NULL, wape, naive_wape, bias, coverage80, NULL, NULL, NULL FROM plan.forecast_accuracy WHERE product_id IS NULL
ORDER BY kind NULLS LAST
