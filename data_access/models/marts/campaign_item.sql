-- doc: Planned and running campaigns against stock. Until its end a day takes the expected demand, in its days the campaign's planned quantity a day where that is more. missing: what stock and dated receipts up to then cannot give in its days; margin_at_stake: missing x (net price less the discount - unit cost).
-- grain: one row per living campaign and product
WITH living AS (
    SELECT k.campaign_id, k.name, k.status, k.start_date, k.end_date, p.product_id, p.planned_quantity, coalesce(p.discount, 0) AS discount, c.today, c.digits,
           greatest(k.start_date - c.today, 0) AS from_day, k.end_date - c.today AS last_day, k.end_date - k.start_date + 1 AS days
    FROM core.campaign k
    JOIN core.campaign_product p ON p.campaign_id = k.campaign_id
    CROSS JOIN core.company c
    WHERE coalesce(k.status, '') NOT IN ('done', 'cancelled') AND k.end_date >= c.today AND k.start_date <= k.end_date AND p.product_id IS NOT NULL
),
day AS (
    SELECT l.campaign_id, l.product_id, l.today + CAST(n AS INTEGER) AS day, n >= l.from_day AS is_inside,
           coalesce(w.quantity / (w.to_day - w.from_day), 0) AS expected, CAST(l.planned_quantity AS DOUBLE) / l.days AS planned
    FROM living l
    CROSS JOIN LATERAL range(l.last_day + 1) r(n)
    LEFT JOIN marts.demand_walk w ON w.product_id = l.product_id AND n >= w.from_day AND n < w.to_day
),
walked AS (
    SELECT d.*, CASE WHEN is_inside THEN greatest(expected, coalesce(planned, 0)) ELSE expected END AS wanted, coalesce(CAST(s.upto AS DOUBLE), 0) AS supply
    FROM day d ASOF LEFT JOIN marts.supply s ON s.product_id = d.product_id AND s.day <= d.day
),
lost AS (
    SELECT *, max(greatest(used - supply, 0)) OVER (PARTITION BY campaign_id, product_id ORDER BY day) AS lost_upto
    FROM (SELECT *, sum(wanted) OVER (PARTITION BY campaign_id, product_id ORDER BY day) AS used FROM walked)
),
stepped AS (SELECT *, lost_upto - coalesce(lag(lost_upto) OVER (PARTITION BY campaign_id, product_id ORDER BY day), 0) AS lost FROM lost),
summed AS (
    SELECT campaign_id, product_id, sum(wanted) FILTER (WHERE is_inside) AS wanted, sum(expected) FILTER (WHERE is_inside) AS expected,
           round(coalesce(sum(lost) FILTER (WHERE is_inside), 0), 6) AS missing, min(day) FILTER (WHERE lost > 1e-9) AS out_date,
           min(day) FILTER (WHERE lost > 1e-9 AND is_inside) AS missing_from, max(day) FILTER (WHERE lost > 1e-9 AND is_inside) AS missing_to
    FROM stepped GROUP BY campaign_id, product_id
)
SELECT l.campaign_id, l.name, l.status, l.start_date, l.end_date, l.product_id, l.planned_quantity, l.discount,
       CAST(s.wanted AS DECIMAL(18,6)) AS wanted, CAST(s.expected AS DECIMAL(18,6)) AS expected, CAST(s.missing AS DECIMAL(18,6)) AS missing,
       s.out_date, s.missing_from, s.missing_to, r.day AS supplied_date,
       money(extend(CAST(s.missing AS DECIMAL(18,6)), CAST(greatest(x.net_price * (1 - l.discount) - p.unit_cost, 0) AS DECIMAL(18,6)), l.digits)) AS margin_at_stake,
       CASE WHEN s.missing <= 0 THEN 'covered' WHEN r.day IS NULL THEN 'order' WHEN s.missing_to = l.end_date THEN 'expedite'
            WHEN l.start_date > l.today AND s.missing_from <= l.start_date + 7 THEN 'start_later' ELSE 'pause' END AS advice
FROM living l
JOIN summed s ON s.campaign_id = l.campaign_id AND s.product_id = l.product_id
JOIN core.product p ON p.product_id = l.product_id
JOIN marts.item_price x ON x.product_id = l.product_id
ASOF LEFT JOIN (SELECT product_id, day, quantity FROM marts.supply WHERE quantity > 0) r ON r.product_id = l.product_id AND coalesce(s.missing_to, DATE '9999-12-31') < r.day
