-- doc: What large open deals add to the forecast. Large: it wants more of an item than two standard deviations of its weekly demand of the last 52 full weeks; smaller ones are part of every week. They come when deals of their stage were won before: the median days from entering it, less the days it has been there; without such a measure by the CRM's closing day.
-- grain: one row per large open deal and product
WITH spread AS (
    SELECT h.product_id, sqrt(greatest(sum(CAST(h.quantity AS DOUBLE) ** 2) / 52 - (sum(CAST(h.quantity AS DOUBLE)) / 52) ** 2, 0)) AS deviation
    FROM marts.item_history h
    JOIN core.company c ON h.week_start >= date_trunc('week', c.today) - INTERVAL 364 DAY
    GROUP BY h.product_id
),
standing AS (
    SELECT opportunity_id, stage, entered_date FROM marts.stage_visit WHERE left_date IS NULL
    QUALIFY row_number() OVER (PARTITION BY opportunity_id ORDER BY nth DESC) = 1
),
large AS (
    SELECT d.* FROM marts.deal_demand d LEFT JOIN spread s ON s.product_id = d.product_id
    WHERE d.quantity > 2 * coalesce(s.deviation, 0)
)
SELECT l.opportunity_id, l.product_id, o.customer_id, l.basis, l.quantity, l.probability, l.weighted_quantity,
       CAST(date_trunc('week', greatest(c.today, coalesce(v.entered_date + CAST(k.days AS INTEGER), o.expected_close, c.today))) AS DATE) AS week_start
FROM large l
JOIN marts.open_deal o ON o.opportunity_id = l.opportunity_id
CROSS JOIN core.company c
LEFT JOIN standing v ON v.opportunity_id = l.opportunity_id AND v.stage = o.stage
LEFT JOIN marts.stage_lag k ON k.stage = o.stage
