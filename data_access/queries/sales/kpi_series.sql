-- doc: Sparklines of the sales figures: the weighted pipeline of 14 weeks; win rate, days to win and won deals that became an order, each of the 13 weeks before a point, 14 points four weeks apart.
-- grain: one row per metric
WITH point AS (SELECT CAST(p.p AS INTEGER) AS point, c.today - CAST(28 * (13 - p.p) AS INTEGER) AS day FROM core.company c CROSS JOIN range(14) p(p)),
closed AS (
    SELECT p.point, d.stage = 'won' AS is_won, d.closed_date - d.created_date AS days, o.orders
    FROM point p
    JOIN marts.deal d ON d.closed_date > p.day - 91 AND d.closed_date <= p.day AND NOT d.is_open
    LEFT JOIN marts.order_to_cash o ON o.opportunity_id = d.opportunity_id
    WHERE ($region IS NULL OR list_contains($region, d.region)) AND ($owner IS NULL OR list_contains($owner, d.owner))
        AND ($segment IS NULL OR list_contains($segment, d.segment))
),
pipeline AS (
    SELECT p.point, CAST(sum(p.weighted_base) AS DOUBLE) AS value FROM marts.deal_point p
    WHERE ($region IS NULL OR list_contains($region, p.region)) AND ($owner IS NULL OR list_contains($owner, p.owner))
        AND ($segment IS NULL OR list_contains($segment, p.segment))
    GROUP BY p.point
),
every AS (
    SELECT 'pipeline_weighted' AS metric, point, value FROM pipeline
    UNION ALL SELECT 'win_rate', point, avg(CAST(is_won AS INTEGER)) FROM closed GROUP BY point
    UNION ALL SELECT 'days_to_win', point, median(days) FILTER (WHERE is_won) FROM closed GROUP BY point
    UNION ALL SELECT 'won_ordered', point, avg(CAST(orders > 0 AS INTEGER)) FILTER (WHERE is_won) FROM closed GROUP BY point
)
SELECT metric, list(value ORDER BY point) AS series FROM every WHERE value IS NOT NULL GROUP BY metric
