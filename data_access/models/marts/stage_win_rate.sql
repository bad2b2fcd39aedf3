-- doc: How often deals that reached a stage were won, shrunk towards the overall rate: (won + 20 p0) / (closed + 20). No rows before 20 closed deals with a stage history: then the CRM's own probability counts.
-- grain: one row per stage
WITH closed AS (
    SELECT DISTINCT o.opportunity_id, o.stage = 'won' AS is_won
    FROM core.opportunity o
    JOIN core.opportunity_stage_history h ON h.opportunity_id = o.opportunity_id
    WHERE o.in_pipeline AND o.stage IN ('won', 'lost')
),
overall AS (
    SELECT count(*) AS closed, avg(CAST(is_won AS INTEGER)) AS win_rate FROM closed
),
reached AS (
    SELECT h.stage, count(DISTINCT c.opportunity_id) AS closed, count(DISTINCT c.opportunity_id) FILTER (WHERE c.is_won) AS won
    FROM closed c
    JOIN core.opportunity_stage_history h ON h.opportunity_id = c.opportunity_id
    WHERE h.stage NOT IN ('won', 'lost')
    GROUP BY h.stage
)
SELECT r.stage, r.closed, r.won, CAST((r.won + 20 * o.win_rate) / (r.closed + 20) AS DECIMAL(9,6)) AS probability,
       CAST(o.win_rate AS DECIMAL(9,6)) AS overall
FROM reached r CROSS JOIN overall o
WHERE o.closed >= 20
