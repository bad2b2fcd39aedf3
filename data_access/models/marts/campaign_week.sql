-- doc: Weeks in which a campaign ran or will run for an item, on at least three of its days. kind: how much it takes off the price.
-- grain: one row per campaign, product and ISO week
SELECT k.campaign_id, p.product_id, CAST(w.week_start AS DATE) AS week_start,
       CASE WHEN p.discount > 0.05 THEN 'over_5' WHEN p.discount > 0 THEN 'to_5' ELSE 'none' END AS kind
FROM core.campaign k
JOIN core.campaign_product p ON p.campaign_id = k.campaign_id AND p.product_id IS NOT NULL
CROSS JOIN LATERAL (SELECT unnest(generate_series(date_trunc('week', k.start_date), CAST(k.end_date AS TIMESTAMP), INTERVAL 7 DAY)) AS week_start) w
WHERE k.start_date <= k.end_date AND k.status IS DISTINCT FROM 'cancelled'
    AND least(k.end_date, CAST(w.week_start AS DATE) + 6) - greatest(k.start_date, CAST(w.week_start AS DATE)) >= 2
