CREATE OR REPLACE TABLE staging.source (source VARCHAR, role VARCHAR, system VARCHAR);
CREATE OR REPLACE TABLE staging.customer_link (
    source VARCHAR, source_id VARCHAR, customer_id VARCHAR, rule VARCHAR, confidence DOUBLE,
    status VARCHAR, decided_by VARCHAR, decided_at TIMESTAMPTZ
)
