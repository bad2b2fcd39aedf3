CREATE TABLE IF NOT EXISTS landing.meta (id VARCHAR, made_at TIMESTAMPTZ);
INSERT INTO landing.meta SELECT uuid()::VARCHAR, now() WHERE NOT EXISTS (FROM landing.meta);
CREATE TABLE IF NOT EXISTS landing.cursor (
    source VARCHAR, stream VARCHAR,
    cursor TIMESTAMPTZ,       -- upper bound of the last complete read
    page_cursor TIMESTAMPTZ,  -- how far an unfinished first read has come
    swept_at TIMESTAMPTZ, checked_at TIMESTAMPTZ, newest TIMESTAMPTZ,
    content BIGINT,           -- advances whenever rows changed
    mapping VARCHAR
);
ALTER TABLE landing.cursor ADD COLUMN IF NOT EXISTS resume VARCHAR;   -- an unfinished read by pages, see Resume
ALTER TABLE landing.cursor ADD COLUMN IF NOT EXISTS full_at TIMESTAMPTZ;  -- when it was last read whole
ALTER TABLE landing.cursor ADD COLUMN IF NOT EXISTS state VARCHAR; -- what a source that remembers compares with
CREATE TABLE IF NOT EXISTS landing.rejected_row (
    source VARCHAR, entity VARCHAR, source_id VARCHAR, reason VARCHAR, payload VARCHAR,
    first_seen TIMESTAMPTZ, resolved_at TIMESTAMPTZ, changed_at TIMESTAMPTZ
);
-- Rows that staging left out (stage staging) or that name something unknown (stage reference).
CREATE TABLE IF NOT EXISTS landing.staging_reject (
    source VARCHAR, entity VARCHAR, stage VARCHAR, source_id VARCHAR, landed_key VARCHAR, reason VARCHAR, payload VARCHAR,
    first_seen TIMESTAMPTZ, resolved_at TIMESTAMPTZ
);
CREATE TABLE IF NOT EXISTS landing.reconciliation (
    source VARCHAR, entity VARCHAR, day DATE, source_count BIGINT, warehouse_count BIGINT
);
-- Rows and sum of a business day in the source and here, both at the same bound; found: JSON of missing, extra and different keys.
CREATE TABLE IF NOT EXISTS landing.reconciled_day (
    source VARCHAR, entity VARCHAR, day DATE, source_count BIGINT, warehouse_count BIGINT, source_sum DECIMAL(38,6),
    warehouse_sum DECIMAL(38,6), agrees BOOLEAN, missing INTEGER, extra INTEGER, different INTEGER, found VARCHAR,
    bound TIMESTAMPTZ, checked_at TIMESTAMPTZ
);
CREATE TABLE IF NOT EXISTS landing.reconciled (
    source VARCHAR, entity VARCHAR, status VARCHAR, detail VARCHAR, days BIGINT, agreed BIGINT, checked_at TIMESTAMPTZ
);
CREATE TABLE IF NOT EXISTS landing.source_column (
    source VARCHAR, entity VARCHAR, "column" VARCHAR, type VARCHAR, looked_at TIMESTAMPTZ
);
CREATE TABLE IF NOT EXISTS landing.schema_change (
    source VARCHAR, entity VARCHAR, "column" VARCHAR, change VARCHAR, detail VARCHAR, seen_at TIMESTAMPTZ
);
ALTER TABLE landing.schema_change ADD COLUMN IF NOT EXISTS policy VARCHAR;
ALTER TABLE landing.schema_change ADD COLUMN IF NOT EXISTS outcome VARCHAR;  -- noted, ignored, stopped or agreed
ALTER TABLE landing.schema_change ADD COLUMN IF NOT EXISTS agreed_at TIMESTAMPTZ;
CREATE TABLE IF NOT EXISTS landing.rule_history (
    rule VARCHAR, day DATE, severity VARCHAR, weight INTEGER, rows_checked BIGINT, rows_failed BIGINT, pass_rate DOUBLE, passed BOOLEAN
);
