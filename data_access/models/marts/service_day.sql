-- doc: Cases opened, and survey answers by the day the case was closed (else opened), in the company's calendar.
-- grain: one row per day
WITH zone AS (SELECT timezone FROM core.company),
event AS (
    SELECT CAST(timezone(z.timezone, t.opened_at) AS DATE) AS day, 1 AS opened, 0 AS replies, 0 AS score
    FROM core.ticket t CROSS JOIN zone z
    UNION ALL
    SELECT CAST(timezone(z.timezone, coalesce(t.closed_at, t.opened_at)) AS DATE), 0, 1, t.satisfaction
    FROM core.ticket t CROSS JOIN zone z
    WHERE t.satisfaction IS NOT NULL
)
SELECT day, CAST(sum(opened) AS BIGINT) AS opened, CAST(sum(replies) AS BIGINT) AS replies, CAST(sum(score) AS BIGINT) AS score
FROM event
WHERE day IS NOT NULL
GROUP BY day
