-- doc: Running contracts that end within 90 days and have no successor, what the customer's deals and orders say of a renewal: the furthest stage of an open deal, and orders of the last 12 months against the 12 before.
-- grain: one row per contract due for renewal
-- lookups: core.customer
WITH running AS (
    SELECT t.contract_id, t.customer_id, t.start_date, t.end_date, t.amount_base, c.today
    FROM core.contract t CROSS JOIN core.company c
    WHERE coalesce(t.status, '') NOT IN ('cancelled', 'draft', 'ended', 'expired')
),
ending AS (
    SELECT r.* FROM running r
    WHERE r.end_date BETWEEN r.today AND r.today + 90
        AND NOT EXISTS (SELECT 1 FROM running n WHERE n.customer_id = r.customer_id AND n.contract_id <> r.contract_id AND n.end_date > r.end_date + 90)
),
deal AS (
    SELECT customer_id, arg_max(stage, list_position(['lead', 'qualified', 'proposal', 'negotiation'], stage)) AS stage
    FROM marts.open_deal WHERE stage IS NOT NULL GROUP BY customer_id
),
bought AS (
    SELECT s.customer_id, sum(s.booked_base) FILTER (WHERE s.day > c.today - 364) AS now, sum(s.booked_base) FILTER (WHERE s.day <= c.today - 364) AS before
    FROM marts.sale s CROSS JOIN core.company c
    WHERE s.event = 'booked' AND s.day > c.today - 728 AND s.day <= c.today
    GROUP BY s.customer_id
)
SELECT e.contract_id, e.customer_id, coalesce(k.name, '–') AS customer, coalesce(k.region, '–') AS region, coalesce(k.owner, '–') AS owner,
       coalesce(k.segment, '–') AS segment, e.start_date, e.end_date, e.end_date - e.today AS days_left, e.amount_base, d.stage AS deal_stage,
       CASE WHEN b.before > 0 THEN CAST(coalesce(b.now, 0) AS DOUBLE) / CAST(b.before AS DOUBLE) - 1 END AS orders_change,
       CASE WHEN d.stage IS NULL AND e.end_date - e.today <= 30 THEN 'no_deal'
            WHEN d.stage IS NULL AND b.before > 0 AND coalesce(b.now, 0) < 0.95 * b.before THEN 'falling' END AS warning
FROM ending e
LEFT JOIN core.customer k ON k.customer_id = e.customer_id
LEFT JOIN deal d ON d.customer_id = e.customer_id
LEFT JOIN bought b ON b.customer_id = e.customer_id
