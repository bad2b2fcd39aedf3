-- doc: How much of the CRM is known in the ERP: accounts, and the revenue of the last 12 months (as of today) that belongs to customers both know. Every day on which links changed, from the dated links.
-- grain: one row per day with changes, and today
WITH edge AS (
    SELECT h.source, h.source_id, h.customer_id, company_date(h.valid_from) AS since, company_date(h.valid_to) AS until, s.role = 'erp' AS is_erp
    FROM core.customer_link_history h
    JOIN staging.source s ON s.source = h.source
),
known AS (
    SELECT DISTINCT customer_id FROM edge WHERE is_erp
),
event AS (
    SELECT day, customer_id, sum(change) AS change, sum(change) FILTER (WHERE matched) AS matched_change
    FROM (
        SELECT e.since AS day, e.customer_id, 1 AS change, k.customer_id IS NOT NULL AS matched
        FROM edge e LEFT JOIN known k ON k.customer_id = e.customer_id WHERE NOT e.is_erp
        UNION ALL
        SELECT e.until, e.customer_id, -1, k.customer_id IS NOT NULL
        FROM edge e LEFT JOIN known k ON k.customer_id = e.customer_id WHERE NOT e.is_erp AND e.until IS NOT NULL
    )
    GROUP BY day, customer_id
),
counted AS (
    SELECT *, sum(matched_change) OVER (PARTITION BY customer_id ORDER BY day) > 0 AS is_matched,
           coalesce(sum(matched_change) OVER (PARTITION BY customer_id ORDER BY day ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) > 0, FALSE) AS was_matched
    FROM event
),
moved AS (
    SELECT d.day, sum(d.change) AS accounts, sum(d.matched_change) AS matched,
           sum(CASE WHEN d.is_matched AND NOT d.was_matched THEN p.revenue_12m WHEN d.was_matched AND NOT d.is_matched THEN -p.revenue_12m END) AS revenue
    FROM counted d
    LEFT JOIN marts.customer_profile p ON p.customer_id = d.customer_id
    GROUP BY d.day
    UNION ALL
    SELECT today, 0, 0, 0 FROM core.company
),
so_far AS (
    SELECT DISTINCT day, CAST(sum(accounts) OVER (ORDER BY day) AS BIGINT) AS accounts,
           CAST(coalesce(sum(matched) OVER (ORDER BY day), 0) AS BIGINT) AS accounts_matched,
           coalesce(sum(revenue) OVER (ORDER BY day), 0) AS revenue_matched
    FROM moved
)
SELECT f.day, f.accounts, f.accounts_matched, CASE WHEN f.accounts > 0 THEN f.accounts_matched / f.accounts END AS account_rate,
       money(f.revenue_matched) AS revenue_matched, money(t.revenue) AS revenue_12m,
       CASE WHEN t.revenue > 0 THEN CAST(f.revenue_matched AS DOUBLE) / CAST(t.revenue AS DOUBLE) END AS revenue_rate
FROM so_far f
CROSS JOIN (SELECT coalesce(sum(revenue_12m), 0) AS revenue FROM marts.customer_profile) t
