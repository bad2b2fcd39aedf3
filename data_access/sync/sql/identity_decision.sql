CREATE OR REPLACE TABLE staging.identity_decision (
    decision_id BIGINT, kind VARCHAR, left_source VARCHAR, left_id VARCHAR, right_source VARCHAR, right_id VARCHAR,
    decided_by VARCHAR, decided_at TIMESTAMPTZ, note VARCHAR
)
