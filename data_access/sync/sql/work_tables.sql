CREATE SCHEMA IF NOT EXISTS core;
CREATE SCHEMA IF NOT EXISTS marts;
CREATE SCHEMA IF NOT EXISTS ops;
CREATE SCHEMA IF NOT EXISTS plan;
CREATE SCHEMA IF NOT EXISTS build;
CREATE TABLE IF NOT EXISTS build.meta (name VARCHAR, value VARCHAR);
INSERT INTO build.meta SELECT 'schema_version', '{version}'
WHERE NOT EXISTS (FROM build.meta WHERE name = 'schema_version');
-- What each model was made from (inputs) and what came out (content): equal inputs -> not made again.
CREATE TABLE IF NOT EXISTS build.model (
    name VARCHAR, kind VARCHAR, inputs VARCHAR, content VARCHAR, rows BIGINT, sums VARCHAR
);
-- Findings of the staging step, kept for entities that are not looked at again.
CREATE TABLE IF NOT EXISTS build.staging_finding (
    source VARCHAR, entity VARCHAR, kind VARCHAR, reason VARCHAR, source_id VARCHAR, landed_key VARCHAR, payload VARCHAR,
    rows BIGINT, first_seen TIMESTAMPTZ
);
-- How the values of every field are mapped, of entities that are not looked at again.
CREATE TABLE IF NOT EXISTS build.mapping (
    source VARCHAR, entity VARCHAR, block INTEGER, kind VARCHAR, field VARCHAR, map VARCHAR, source_value VARCHAR,
    canonical VARCHAR, rows BIGINT, filled BIGINT, mapped BIGINT, sample VARCHAR
);
-- The rows of staging tables in their parts, by each key that models fall into parts by.
CREATE TABLE IF NOT EXISTS build.part (input VARCHAR, key VARCHAR, part USMALLINT, hash UBIGINT);
-- What each data-quality rule found on inputs that have not changed since.
CREATE TABLE IF NOT EXISTS build.rule_result (rule VARCHAR, inputs VARCHAR, result VARCHAR);
