-- doc: How complete each feed is: days that agree with the source over days compared. status: agrees, differs, unsupported or failed.
-- grain: one row per feed, and one of all (source NULL)
SELECT source, entity, any_value(status) AS status, nullif(any_value(detail), '') AS detail, sum(days)::BIGINT AS days_compared,
       sum(agreed)::BIGINT AS days_agreed, sum(agreed) / nullif(sum(days), 0) AS completeness, min(checked_at) AS checked_at
FROM ops.reconciled
WHERE ($source IS NULL OR list_contains($source, source)) AND ($entity IS NULL OR list_contains($entity, entity))
GROUP BY GROUPING SETS ((source, entity), ())
ORDER BY source NULLS FIRST, completeness, entity
