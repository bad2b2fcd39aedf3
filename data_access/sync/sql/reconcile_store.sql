DELETE FROM landing.reconciled_day WHERE source = {source} AND entity = {stream};
INSERT INTO landing.reconciled_day
WITH found AS (
    SELECT day, count(*) FILTER (WHERE verdict = 'missing') AS missing, count(*) FILTER (WHERE verdict = 'extra') AS extra,
        count(*) FILTER (WHERE verdict = 'different') AS different,
        count(*) FILTER (WHERE here) - count(*) FILTER (WHERE there) AS rows_more,
        coalesce(sum(own_amount) FILTER (WHERE here), 0) - coalesce(sum(source_amount) FILTER (WHERE there), 0) AS sum_more,
        to_json({{
            'missing': coalesce(min(_key, 20) FILTER (WHERE verdict = 'missing'), []),
            'extra': coalesce(min(_key, 20) FILTER (WHERE verdict = 'extra'), []),
            'different': coalesce(min(_key, 20) FILTER (WHERE verdict = 'different'), [])
        }})::VARCHAR AS keys
    FROM day_found GROUP BY day
)
SELECT {source}, {stream}, c.day, c.source_count,
    CASE WHEN looked THEN c.source_count + coalesce(f.rows_more, 0) ELSE c.warehouse_count END,
    c.source_sum, CASE WHEN looked THEN c.source_sum + coalesce(f.sum_more, 0) ELSE c.warehouse_sum END,
    CASE WHEN looked THEN f.keys IS NULL ELSE c.agrees END, coalesce(f.missing, 0), coalesce(f.extra, 0),
    coalesce(f.different, 0), f.keys, {bound}, {now}
FROM (SELECT *, EXISTS (FROM open_day o WHERE o.day IS NOT DISTINCT FROM d.day) AS looked FROM day_compare d) c
LEFT JOIN found f ON f.day IS NOT DISTINCT FROM c.day;
DELETE FROM landing.reconciled WHERE source = {source} AND entity = {stream};
INSERT INTO landing.reconciled
SELECT {source}, {stream}, CASE WHEN coalesce(bool_and(agrees), true) THEN 'agrees' ELSE 'differs' END, '', count(*), count(*) FILTER (WHERE agrees), {now}
FROM landing.reconciled_day WHERE source = {source} AND entity = {stream}
