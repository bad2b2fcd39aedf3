-- doc: What each region's customers ordered in the period, and the weighted deals they are expected to close within eight weeks.
-- grain: one row per region with either, the largest first
WITH sold AS (
    SELECT s.region, sum(s.booked_base) AS booked, sum(s.revenue_base) AS revenue
    FROM marts.sale s
    WHERE s.day BETWEEN CAST($since AS DATE) AND CAST($until AS DATE)
        AND ($region IS NULL OR list_contains($region, s.region))
        AND ($category IS NULL OR list_contains($category, s.category))
        AND ($warehouse IS NULL OR list_contains($warehouse, s.warehouse))
        AND ($owner IS NULL OR list_contains($owner, s.owner))
    GROUP BY s.region
),
deal AS (
    SELECT d.region, sum(d.weighted_base) AS pipeline_weighted, count(DISTINCT d.opportunity_id) AS deals
    FROM marts.open_deal_category d CROSS JOIN core.company c
    WHERE d.close_week < c.today + 56
        AND ($region IS NULL OR list_contains($region, d.region))
        AND ($category IS NULL OR list_contains($category, d.category))
        AND ($owner IS NULL OR list_contains($owner, d.owner))
    GROUP BY d.region
)
SELECT coalesce(s.region, d.region) AS region, coalesce(s.booked, 0) AS booked, coalesce(s.revenue, 0) AS revenue,
       coalesce(d.pipeline_weighted, 0) AS pipeline_weighted, coalesce(d.deals, 0) AS deals
FROM sold s
FULL JOIN deal d ON d.region = s.region
ORDER BY booked DESC, region
