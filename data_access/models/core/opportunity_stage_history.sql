-- doc: When a deal entered a stage.
-- grain: one row per stage entered
SELECT gid(source, opportunity_id) AS opportunity_id, stage, entered_at, source FROM staging.opportunity_stage_history
