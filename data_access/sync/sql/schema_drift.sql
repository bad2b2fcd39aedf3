-- Columns of streams seen before whose type is not the one of the last look (NULL: not there).
SELECT coalesce(n.entity, o.entity) AS entity, coalesce(n."column", o."column") AS "column", o.type AS before, n.type AS now
FROM live_column n
FULL JOIN (FROM landing.source_column WHERE source = {source}) o
    ON o.entity = n.entity AND o."column" = n."column"
WHERE o.type IS DISTINCT FROM n.type
    AND coalesce(n.entity, o.entity) IN (SELECT entity FROM landing.source_column WHERE source = {source})
    AND coalesce(n.entity, o.entity) IN (SELECT entity FROM live_column)
ORDER BY 1, 2
