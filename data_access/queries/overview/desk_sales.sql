-- doc: Booked, revenue and margin of the period, and of the same days a year before where the data reaches back that far.
-- grain: one row
WITH period AS (
    SELECT CAST($since AS DATE) AS since, CAST($until AS DATE) AS until,
           CAST(CAST($since AS DATE) - INTERVAL 1 YEAR AS DATE) AS since_before, CAST(CAST($until AS DATE) - INTERVAL 1 YEAR AS DATE) AS until_before
),
sold AS (
    SELECT s.day >= p.since AS is_now, s.booked_base, s.revenue_base, s.costed_revenue_base, s.cost_base
    FROM marts.sale s CROSS JOIN period p
    WHERE (s.day BETWEEN p.since AND p.until OR s.day BETWEEN p.since_before AND p.until_before)
        AND ($region IS NULL OR list_contains($region, s.region))
        AND ($category IS NULL OR list_contains($category, s.category))
        AND ($warehouse IS NULL OR list_contains($warehouse, s.warehouse))
        AND ($owner IS NULL OR list_contains($owner, s.owner))
)
SELECT coalesce(sum(booked_base) FILTER (WHERE is_now), 0) AS booked, coalesce(sum(revenue_base) FILTER (WHERE is_now), 0) AS revenue,
       sum(costed_revenue_base) FILTER (WHERE is_now) AS costed_revenue, sum(cost_base) FILTER (WHERE is_now) AS cost,
       CASE WHEN k.first_order_date <= k.since_before THEN coalesce(sum(booked_base) FILTER (WHERE NOT is_now), 0) END AS booked_last_year,
       CASE WHEN k.first_shipment_date <= k.since_before THEN coalesce(sum(revenue_base) FILTER (WHERE NOT is_now), 0) END AS revenue_last_year,
       CASE WHEN k.first_shipment_date <= k.since_before THEN sum(costed_revenue_base) FILTER (WHERE NOT is_now) END AS costed_revenue_last_year,
       CASE WHEN k.first_shipment_date <= k.since_before THEN sum(cost_base) FILTER (WHERE NOT is_now) END AS cost_last_year
FROM (SELECT s.first_order_date, s.first_shipment_date, p.since_before FROM marts.span s CROSS JOIN period p) k
LEFT JOIN sold ON TRUE
GROUP BY k.first_order_date, k.first_shipment_date, k.since_before
