CREATE OR REPLACE TABLE staging.source (source VARCHAR, role VARCHAR, system VARCHAR)
