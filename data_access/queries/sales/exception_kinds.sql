-- doc: Order to cash, how many cases are not as they should be, and the money in it; as_large: orders without a deal no smaller than the median deal won.
-- grain: one row per kind that has cases
WITH usual AS (SELECT median(amount_base) AS amount FROM marts.deal WHERE stage = 'won')
SELECT e.kind, count(*) AS cases, sum(e.amount_base) AS amount_base, max(e.days) AS days, count(*) FILTER (WHERE e.amount_base >= u.amount) AS as_large
FROM marts.case_exception e CROSS JOIN usual u
WHERE e.day BETWEEN $since AND $until AND ($region IS NULL OR list_contains($region, e.region))
    AND ($owner IS NULL OR list_contains($owner, e.owner)) AND ($segment IS NULL OR list_contains($segment, e.segment))
GROUP BY e.kind
ORDER BY e.kind
