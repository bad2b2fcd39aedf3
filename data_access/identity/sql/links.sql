CREATE OR REPLACE TABLE core.customer_link AS
SELECT source::VARCHAR AS source, source_id::VARCHAR AS source_id, customer_id::VARCHAR AS customer_id, rule::VARCHAR AS rule,
       confidence::DOUBLE AS confidence, status::VARCHAR AS status, decided_by::VARCHAR AS decided_by, decided_at::TIMESTAMPTZ AS decided_at
FROM step_rows
