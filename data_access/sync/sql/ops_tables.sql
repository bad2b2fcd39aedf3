CREATE OR REPLACE TABLE ops.rejected_row AS
SELECT source, entity, source_id, reason, payload, first_seen, resolved_at FROM landing.rejected_row
UNION ALL
SELECT source, entity, source_id, reason, payload, first_seen, NULL FROM build.staging_finding WHERE kind = 'rejected';
CREATE OR REPLACE TABLE ops.reconciliation AS
SELECT source, entity, day, source_count, warehouse_count,
    NULL::DECIMAL(38,6) AS source_sum, NULL::DECIMAL(38,6) AS warehouse_sum
FROM landing.reconciliation;
CREATE OR REPLACE TABLE ops.schema_change AS SELECT source, entity, "column", change, detail, seen_at FROM landing.schema_change;
CREATE OR REPLACE TABLE ops.quality_result (
    run_id BIGINT, rule VARCHAR, kind VARCHAR, title VARCHAR, title_zh VARCHAR, severity VARCHAR, weight INTEGER, owner VARCHAR,
    source VARCHAR, rows_checked BIGINT, rows_failed BIGINT, pass_rate DOUBLE, min_pass DOUBLE, passed BOOLEAN,
    sample VARCHAR, error VARCHAR, checked_at TIMESTAMPTZ
);
CREATE OR REPLACE TABLE ops.quality_history AS FROM landing.rule_history;
CREATE OR REPLACE TABLE ops.sync_run (
    run_id BIGINT, started_at TIMESTAMPTZ, finished_at TIMESTAMPTZ, status VARCHAR, step VARCHAR,
    version BIGINT, error VARCHAR, hint VARCHAR
);
CREATE OR REPLACE TABLE ops.sync_stream (
    run_id BIGINT, source VARCHAR, entity VARCHAR, started_at TIMESTAMPTZ, finished_at TIMESTAMPTZ, status VARCHAR,
    read BIGINT, inserted BIGINT, updated BIGINT, unchanged BIGINT, deleted BIGINT, rejected BIGINT,
    cursor VARCHAR, attempts INTEGER, error VARCHAR, hint VARCHAR
)
