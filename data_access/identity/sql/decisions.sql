CREATE OR REPLACE TABLE core.identity_decision AS
SELECT d.*, s.status::VARCHAR AS status
FROM staging.identity_decision d
JOIN step_rows s ON s.decision_id::BIGINT = d.decision_id
