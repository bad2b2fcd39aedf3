-- doc: What orders and deals of eight weeks want of an item, against all we will have of it by then. Bars are everybody's: stock is shared; short, customers and the day are those of the chosen region and owner.
-- grain: one row per product the chosen customers want
WITH wanted AS (
    SELECT n.*, ($region IS NULL OR list_contains($region, coalesce(k.region, '–'))) AND ($owner IS NULL OR list_contains($owner, coalesce(k.owner, '–'))) AS is_chosen
    FROM marts.need n
    LEFT JOIN core.customer k ON k.customer_id = n.customer_id
    WHERE n.is_near
),
summed AS (
    SELECT product_id, any_value(have) AS have, coalesce(sum(quantity) FILTER (WHERE kind = 'order'), 0) AS ordered,
           coalesce(sum(quantity * probability) FILTER (WHERE kind = 'deal'), 0) AS weighted, coalesce(sum(quantity * (1 - probability)) FILTER (WHERE kind = 'deal'), 0) AS rest,
           coalesce(sum(short) FILTER (WHERE is_chosen), 0) AS short, min(day) FILTER (WHERE is_chosen AND short > 0) AS short_from,
           min(day) FILTER (WHERE is_chosen AND short = 0 AND served_date > day) AS late_from, count(DISTINCT customer_id) FILTER (WHERE is_chosen AND short > 0) AS customers
    FROM wanted GROUP BY product_id HAVING bool_or(is_chosen)
)
SELECT s.product_id, i.sku, i.name, i.category, s.have, s.ordered, s.weighted, s.rest, s.short,
       (CAST(s.ordered AS DOUBLE) + s.weighted + s.rest) * CAST(i.net_price AS DOUBLE) AS needed_value, CAST(s.have AS DOUBLE) * CAST(i.net_price AS DOUBLE) AS have_value,
       s.weighted * CAST(i.net_price AS DOUBLE) AS weighted_value, CAST(s.short AS DOUBLE) * CAST(i.net_price AS DOUBLE) AS short_value,
       s.short_from, s.late_from, s.customers,
       CASE WHEN s.short > 0 AND CAST(s.ordered AS DOUBLE) + s.weighted > CAST(s.have AS DOUBLE) + 1e-6 THEN 'short' WHEN s.short > 0 THEN 'short_if_all'
            WHEN s.late_from IS NOT NULL THEN 'late' ELSE 'fits' END AS state
FROM summed s
JOIN marts.item i ON i.product_id = s.product_id
WHERE $category IS NULL OR list_contains($category, i.category)
ORDER BY short_value DESC, needed_value DESC, s.product_id
