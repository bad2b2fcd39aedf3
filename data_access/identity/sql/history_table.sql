-- Links as dated edges. The table outlives the runs; it begins with the first.
CREATE TABLE IF NOT EXISTS core.customer_link_history (
    source VARCHAR, source_id VARCHAR, customer_id VARCHAR, rule VARCHAR, confidence DOUBLE, status VARCHAR,
    decided_by VARCHAR, decided_at TIMESTAMPTZ, valid_from TIMESTAMPTZ, valid_to TIMESTAMPTZ
);
