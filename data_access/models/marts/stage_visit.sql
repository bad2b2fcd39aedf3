-- doc: Every stay of a deal in a stage, by the company's days: entered, and left when the next stage was entered. Rows that repeat the stage are one stay; won and lost end the last one.
-- grain: one row per stay of a pipeline deal in a stage (nth counts them)
WITH entry AS (
    SELECT h.opportunity_id, h.stage, h.entered_at, CAST(timezone(c.timezone, h.entered_at) AS DATE) AS day,
           list_position(['lead', 'qualified', 'proposal', 'negotiation', 'won', 'lost'], h.stage) AS place
    FROM core.opportunity_stage_history h
    JOIN core.opportunity o ON o.opportunity_id = h.opportunity_id AND o.in_pipeline
    CROSS JOIN core.company c
    WHERE h.entered_at IS NOT NULL
),
changed AS (
    SELECT * FROM entry
    QUALIFY stage IS DISTINCT FROM lag(stage) OVER (PARTITION BY opportunity_id ORDER BY entered_at, place)
),
stay AS (
    SELECT opportunity_id, stage, day AS entered_date, lead(day) OVER deal AS left_date, row_number() OVER deal AS nth
    FROM changed
    WINDOW deal AS (PARTITION BY opportunity_id ORDER BY entered_at, place)
)
SELECT opportunity_id, CAST(nth AS INTEGER) AS nth, stage, entered_date, left_date, left_date - entered_date AS days
FROM stay
WHERE stage NOT IN ('won', 'lost')
