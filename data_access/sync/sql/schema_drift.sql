CREATE OR REPLACE TEMP TABLE drift AS
SELECT coalesce(n.entity, o.entity) AS entity, coalesce(n."column", o."column") AS "column",
    CASE WHEN o."column" IS NULL THEN 'source: added' WHEN n."column" IS NULL THEN 'source: removed'
        ELSE 'source: type' END AS change,
    CASE WHEN o."column" IS NULL THEN n.type WHEN n."column" IS NULL THEN o.type ELSE o.type || ' -> ' || n.type END AS detail
FROM live_column n
FULL JOIN (FROM landing.source_column WHERE source = {source}) o
    ON o.entity = n.entity AND o."column" = n."column"
WHERE o.type IS DISTINCT FROM n.type
    AND coalesce(n.entity, o.entity) IN (SELECT entity FROM landing.source_column WHERE source = {source})
    AND coalesce(n.entity, o.entity) IN (SELECT entity FROM live_column);

INSERT INTO landing.schema_change SELECT {source}, entity, "column", change, detail, {now} FROM drift;
DELETE FROM landing.source_column WHERE source = {source} AND entity IN (SELECT entity FROM live_column);
INSERT INTO landing.source_column SELECT {source}, entity, "column", type, {now} FROM live_column
