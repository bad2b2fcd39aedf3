CREATE OR REPLACE TABLE ops.rejected_row AS
SELECT r.source, r.entity, r.stage, r.source_id, r.landed_key, r.reason, r.payload, r.first_seen, r.resolved_at,
    CASE WHEN n.currency IS NULL OR n.currency = c.currency THEN n.amount
        WHEN rate.rate > 0 THEN (n.amount / rate.rate)::DECIMAL(18,2) END AS amount_base
FROM (
    SELECT source, entity, 'landing' AS stage, source_id, source_id AS landed_key, reason, payload, first_seen, resolved_at
    FROM landing.rejected_row
    UNION ALL
    SELECT source, entity, stage, source_id, landed_key, reason, payload, first_seen, resolved_at FROM landing.staging_reject
) r
CROSS JOIN staging.company c
CROSS JOIN LATERAL (
    SELECT TRY_CAST(json_extract_string(p.doc, '$.amount') AS DECIMAL(18,2)) AS amount,
        json_extract_string(p.doc, '$.currency') AS currency
    FROM (SELECT CASE WHEN json_valid(r.payload) THEN r.payload END AS doc) p
) n
LEFT JOIN build.rate_now rate ON rate.currency = n.currency;
CREATE OR REPLACE TABLE ops.reconciliation AS
SELECT source, entity, day, source_count, warehouse_count, source_sum, warehouse_sum, agrees, missing, extra, different,
    found, bound, checked_at, 'day' AS kind
FROM landing.reconciled_day
UNION ALL
SELECT source, entity, day, source_count, warehouse_count, NULL, NULL, source_count = warehouse_count, NULL, NULL, NULL,
    NULL, NULL, NULL, 'keys'
FROM landing.reconciliation;
CREATE OR REPLACE TABLE ops.reconciled AS FROM landing.reconciled;
CREATE OR REPLACE TABLE ops.schema_change AS
SELECT source, entity, "column", change, detail, seen_at, policy, outcome, agreed_at FROM landing.schema_change;
CREATE OR REPLACE TABLE ops.mapping AS FROM build.mapping;
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
