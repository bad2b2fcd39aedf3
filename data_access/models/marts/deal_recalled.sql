-- doc: What large open deals would have added to the forecast eight weeks ago, from what was known then: deals open then in the stage they stood in, how often deals of that stage had been won, how long that had taken. Deals with product lines only. What came is told beside it in plan.forecast_recalled.
-- grain: one row per large deal of then and product, that was expected in the eight weeks since
WITH origin AS (
    SELECT CAST(date_trunc('week', today) AS DATE) - 56 AS day FROM core.company
),
closed AS (
    SELECT o.opportunity_id, o.stage = 'won' AS is_won, o.closed_date
    FROM core.opportunity o CROSS JOIN origin g
    WHERE o.in_pipeline AND o.stage IN ('won', 'lost') AND o.closed_date < g.day
),
overall AS (
    SELECT count(*) AS closed, avg(CAST(is_won AS INTEGER)) AS win_rate FROM closed
),
rate AS (
    SELECT v.stage, (count(DISTINCT c.opportunity_id) FILTER (WHERE c.is_won) + 20 * any_value(w.win_rate)) / (count(DISTINCT c.opportunity_id) + 20) AS probability,
           median(c.closed_date - v.entered_date) FILTER (WHERE c.is_won AND c.closed_date >= v.entered_date) AS days
    FROM closed c JOIN marts.stage_visit v ON v.opportunity_id = c.opportunity_id CROSS JOIN overall w
    WHERE w.closed >= 20
    GROUP BY v.stage
),
standing AS (
    SELECT o.opportunity_id, v.stage, v.entered_date, o.expected_close, o.probability
    FROM core.opportunity o
    CROSS JOIN origin g
    JOIN marts.stage_visit v ON v.opportunity_id = o.opportunity_id AND v.entered_date < g.day AND coalesce(v.left_date >= g.day, TRUE)
    WHERE o.in_pipeline AND coalesce(o.created_date < g.day, TRUE) AND (o.stage NOT IN ('won', 'lost') OR o.closed_date >= g.day)
),
spread AS (
    SELECT h.product_id, sqrt(greatest(sum(CAST(h.quantity AS DOUBLE) ** 2) / 52 - (sum(CAST(h.quantity AS DOUBLE)) / 52) ** 2, 0)) AS deviation
    FROM marts.item_history h JOIN origin g ON h.week_start >= g.day - 364 AND h.week_start < g.day
    GROUP BY h.product_id
),
term AS (
    SELECT s.opportunity_id, l.product_id, any_value(s.stage) AS stage, CAST(sum(l.quantity) AS DOUBLE) AS quantity,
           any_value(coalesce(r.probability, CAST(s.probability AS DOUBLE), 0)) AS probability,
           any_value(greatest(g.day, coalesce(s.entered_date + CAST(r.days AS INTEGER), s.expected_close, g.day))) AS day
    FROM standing s
    CROSS JOIN origin g
    JOIN core.opportunity_line l ON l.opportunity_id = s.opportunity_id AND l.product_id IS NOT NULL AND l.quantity > 0
    LEFT JOIN rate r ON r.stage = s.stage
    GROUP BY s.opportunity_id, l.product_id
)
SELECT t.opportunity_id, t.product_id, t.stage, t.quantity, t.probability, t.quantity * t.probability AS weighted_quantity,
       CAST(date_trunc('week', t.day) AS DATE) AS week_start
FROM term t
CROSS JOIN origin g
LEFT JOIN spread s ON s.product_id = t.product_id
WHERE t.quantity > 2 * coalesce(s.deviation, 0) AND t.day < g.day + 56
