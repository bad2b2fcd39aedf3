-- doc: How long deals took from entering a stage until they were won, median of the won ones.
-- grain: one row per stage that won deals went through
WITH won AS (
    SELECT v.stage, o.closed_date - v.entered_date AS days
    FROM marts.stage_visit v
    JOIN core.opportunity o ON o.opportunity_id = v.opportunity_id
    WHERE o.stage = 'won' AND o.closed_date >= v.entered_date
)
SELECT stage, median(days) AS days, count(*) AS deals FROM won GROUP BY stage

