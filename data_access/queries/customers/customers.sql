-- doc: Every customer with what it was shipped and booked in the period, and on the same days a year before; the largest of those that may leave first. What was sold to nobody known is one more row without an id.
-- grain: one row per customer
WITH span AS (
    SELECT CAST($since AS DATE) AS since, CAST($until AS DATE) AS until, CAST($since AS DATE) - INTERVAL 1 YEAR AS since_before,
           CAST($until AS DATE) - INTERVAL 1 YEAR AS until_before,
           coalesce(first_shipment_date <= CAST($since AS DATE) - INTERVAL 1 YEAR, FALSE) AS has_before
    FROM marts.span
),
sold AS (
    SELECT s.customer_id, sum(s.revenue_base) FILTER (WHERE s.day BETWEEN p.since AND p.until) AS revenue,
           sum(s.booked_base) FILTER (WHERE s.day BETWEEN p.since AND p.until) AS booked,
           sum(s.revenue_base) FILTER (WHERE s.day BETWEEN p.since_before AND p.until_before) AS revenue_before
    FROM marts.sale s JOIN span p ON s.day >= p.since_before AND s.day <= p.until
    GROUP BY s.customer_id
),
asked AS (SELECT name_words($search) AS words, coalesce(norm_tax($search), '') AS code),
found AS (
    SELECT e.id AS customer_id
    FROM marts.search_entry e CROSS JOIN asked a
    WHERE e.kind = 'customer' AND (a.words <> '' AND has_words(e.words, a.words) OR length(a.code) > 2 AND contains(e.codes, a.code))
),
known AS (
    SELECT customer_id, name, in_erp, in_crm, rfm, rfm_before, segment, region, owner, last_order_date, orders, rhythm_days, due_date,
           is_silent, CASE WHEN lines_due > 0 THEN lines_on_time / lines_due END AS on_time, lines_due, deals_base, weighted_base, overdue_base,
           open_tickets, risk, because, last_contact_date, revenue_12m
    FROM marts.customer_profile
    UNION ALL BY NAME
    SELECT CAST(NULL AS VARCHAR) AS customer_id, TRUE AS in_erp, FALSE AS in_crm, '–' AS rfm, '–' AS rfm_before, '–' AS segment,
           '–' AS region, '–' AS owner, 0 AS risk
    FROM sold WHERE customer_id IS NULL
)
SELECT k.customer_id, k.name, k.in_erp, k.in_crm, k.rfm, k.segment, k.region, k.owner, coalesce(s.revenue, 0) AS revenue,
       CASE WHEN p.has_before THEN coalesce(s.revenue_before, 0) END AS revenue_before,
       CASE WHEN p.has_before AND s.revenue_before > 0
            THEN CAST(coalesce(s.revenue, 0) AS DOUBLE) / CAST(s.revenue_before AS DOUBLE) - 1 END AS change,
       coalesce(s.booked, 0) AS booked, k.orders, k.last_order_date, k.rhythm_days, k.due_date, k.is_silent, k.on_time, k.lines_due,
       k.deals_base, k.weighted_base, k.overdue_base, k.open_tickets, k.last_contact_date, k.risk, k.because, k.rfm_before
FROM known k
CROSS JOIN span p
LEFT JOIN sold s ON s.customer_id IS NOT DISTINCT FROM k.customer_id
WHERE ($region IS NULL OR list_contains($region, k.region)) AND ($owner IS NULL OR list_contains($owner, k.owner))
    AND ($segment IS NULL OR list_contains($segment, k.segment)) AND ($rfm IS NULL OR list_contains($rfm, k.rfm))
    AND ($risk IS NULL OR list_contains($risk, ['none', 'low', 'medium', 'high'][k.risk + 1]))
    AND ($search = '' OR k.customer_id IN (SELECT customer_id FROM found))
ORDER BY k.risk DESC, k.revenue_12m DESC NULLS LAST, s.revenue DESC NULLS LAST, k.customer_id NULLS LAST
