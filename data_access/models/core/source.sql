-- doc: The source systems and their roles.
-- grain: one row per source
SELECT source, role, system FROM staging.source
