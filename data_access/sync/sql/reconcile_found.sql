-- The rows of the days that do not agree, row against row. What changed in the source after the bound is nobody's fault.
CREATE OR REPLACE TEMP TABLE day_found AS
WITH theirs AS (
    SELECT *, row_number() OVER (PARTITION BY _key ORDER BY _at) AS place FROM source_row WHERE _at <= {bound} OR _at IS NULL
),
own AS (
    SELECT * FROM own_row WHERE day IN (SELECT day FROM open_day) OR (day IS NULL AND EXISTS (FROM open_day WHERE day IS NULL))
),
pending AS (SELECT _key FROM source_row WHERE _at > {bound})
SELECT CASE WHEN t._key IS NULL THEN o.day ELSE t.day END AS day, coalesce(t._key, o._key) AS _key,
    CASE WHEN o._key IS NULL THEN 'missing' WHEN t._key IS NULL THEN 'extra' ELSE 'different' END AS verdict,
    t.amount AS source_amount, o.amount AS own_amount, t._key IS NOT NULL AS there,
    o._key IS NOT NULL AND (t._key IS NULL OR o.day IS NOT DISTINCT FROM t.day) AS here
FROM theirs t
FULL JOIN (SELECT * FROM own WHERE _key NOT IN (FROM pending)) o ON o._key = t._key AND t.place = 1
WHERE (t._key IS NULL AND NOT o.gone) OR o._key IS NULL OR t.amount IS DISTINCT FROM o.amount OR t.day IS DISTINCT FROM o.day
UNION ALL
SELECT o.day, o._key, 'different', NULL, o.amount, false, true
FROM own o JOIN theirs t ON t._key = o._key WHERE t.day IS DISTINCT FROM o.day
