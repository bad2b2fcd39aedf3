CREATE OR REPLACE TEMP TABLE reject_now AS
SELECT source, entity, CASE kind WHEN 'unknown' THEN 'reference' ELSE 'staging' END AS stage, source_id, reason,
    any_value(landed_key) AS landed_key, any_value(payload) AS payload
FROM build.staging_finding WHERE kind IN ('rejected', 'unknown')
GROUP BY source, entity, kind, source_id, reason
