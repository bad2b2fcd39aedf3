-- doc: What the CRM knows of each customer today: open deals, the last contact, service cases and their answers in 12 months, running contracts.
-- grain: one row per customer the CRM tells anything of
WITH deal AS (
    SELECT customer_id, count(*) AS open_deals, money(coalesce(sum(amount_base), 0)) AS deals_base,
           money(coalesce(sum(weighted_base), 0)) AS weighted_base
    FROM marts.open_deal
    GROUP BY customer_id
),
contact AS (
    SELECT a.customer_id, max(d.day) AS last_contact_date
    FROM core.activity a
    CROSS JOIN core.company c
    CROSS JOIN LATERAL (SELECT CAST(timezone(c.timezone, a.happened_at) AS DATE) AS day) d
    WHERE d.day <= c.today
    GROUP BY a.customer_id
),
service AS (
    SELECT t.customer_id, count(*) FILTER (WHERE t.status IS DISTINCT FROM 'closed') AS open_tickets,
           min(d.opened) FILTER (WHERE t.status IS DISTINCT FROM 'closed') AS oldest_ticket_date,
           count(t.satisfaction) FILTER (WHERE d.answered > c.today - INTERVAL 1 YEAR) AS replies,
           coalesce(sum(t.satisfaction) FILTER (WHERE d.answered > c.today - INTERVAL 1 YEAR), 0) AS score
    FROM core.ticket t
    CROSS JOIN core.company c
    CROSS JOIN LATERAL (SELECT CAST(timezone(c.timezone, t.opened_at) AS DATE) AS opened,
                               CAST(timezone(c.timezone, coalesce(t.closed_at, t.opened_at)) AS DATE) AS answered) d
    GROUP BY t.customer_id
),
running AS (
    SELECT t.customer_id, count(*) AS contracts, min(t.end_date) AS contract_end_date
    FROM core.contract t JOIN core.company c ON t.end_date >= c.today
    WHERE coalesce(t.status, '') NOT IN ('cancelled', 'draft', 'ended')
    GROUP BY t.customer_id
)
SELECT customer_id, coalesce(d.open_deals, 0) AS open_deals, coalesce(d.deals_base, 0) AS deals_base,
       coalesce(d.weighted_base, 0) AS weighted_base, k.last_contact_date, coalesce(s.open_tickets, 0) AS open_tickets,
       s.oldest_ticket_date, coalesce(s.replies, 0) AS replies, CAST(coalesce(s.score, 0) AS BIGINT) AS score,
       coalesce(r.contracts, 0) AS contracts, r.contract_end_date
FROM deal d
FULL JOIN contact k USING (customer_id)
FULL JOIN service s USING (customer_id)
FULL JOIN running r USING (customer_id)
WHERE customer_id IS NOT NULL
