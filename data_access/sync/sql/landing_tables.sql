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
CREATE TABLE IF NOT EXISTS landing.rejected_row (
    source VARCHAR, entity VARCHAR, source_id VARCHAR, reason VARCHAR, payload VARCHAR,
    first_seen TIMESTAMPTZ, resolved_at TIMESTAMPTZ, changed_at TIMESTAMPTZ
);
CREATE TABLE IF NOT EXISTS landing.reconciliation (
    source VARCHAR, entity VARCHAR, day DATE, source_count BIGINT, warehouse_count BIGINT
);
CREATE TABLE IF NOT EXISTS landing.source_column (
    source VARCHAR, entity VARCHAR, "column" VARCHAR, type VARCHAR, looked_at TIMESTAMPTZ
);
CREATE TABLE IF NOT EXISTS landing.schema_change (
    source VARCHAR, entity VARCHAR, "column" VARCHAR, change VARCHAR, detail VARCHAR, seen_at TIMESTAMPTZ
);
CREATE TABLE IF NOT EXISTS landing.rule_history (
    rule VARCHAR, day DATE, severity VARCHAR, weight INTEGER, rows_checked BIGINT, rows_failed BIGINT, pass_rate DOUBLE, passed BOOLEAN
);
