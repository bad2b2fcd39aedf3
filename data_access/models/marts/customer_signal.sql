-- doc: Why a customer who ordered in the last 12 months may leave, each reason once. figure: days past its order day (silent), relative change (falling), late orders in 60 days (late_orders), days (ticket_open, no_contact, contract_ends), money (lost_deal: more than was won in 90 days; overdue: over 30 days, a tenth of all it owes), mean answer of 90 days (unhappy).
-- grain: one row per customer and code
WITH buying AS (
    SELECT r.*, c.today, c.today - r.last_order_date > r.late_after_days AS is_silent
    FROM marts.customer_rhythm r JOIN core.company c ON r.last_order_date > c.today - INTERVAL 1 YEAR
),
late AS (
    SELECT d.customer_id, count(DISTINCT d.order_id) FILTER (WHERE d.days_late > 0) AS orders,
           max(d.promised_date) FILTER (WHERE d.days_late > 0) AS day, arg_max(d.order_no, (d.promised_date, d.order_id)) FILTER (WHERE d.days_late > 0) AS order_no,
           avg(CAST(d.days_late > 0 AS INTEGER)) AS share
    FROM marts.delivery d JOIN core.company c ON d.promised_date BETWEEN c.today - 60 AND c.today - 1
    GROUP BY d.customer_id
),
lost AS (
    SELECT o.customer_id, sum(o.amount_base) FILTER (WHERE o.stage = 'lost') AS amount,
           coalesce(sum(o.amount_base) FILTER (WHERE o.stage = 'won'), 0) AS won, max(o.closed_date) FILTER (WHERE o.stage = 'lost') AS day,
           arg_max(o.name, (o.closed_date, o.opportunity_id)) FILTER (WHERE o.stage = 'lost') AS name
    FROM core.opportunity o JOIN core.company c ON o.closed_date BETWEEN c.today - 90 AND c.today
    WHERE o.stage IN ('won', 'lost') AND o.in_pipeline
    GROUP BY o.customer_id
),
answer AS (
    SELECT t.customer_id, avg(t.satisfaction) AS score, max(CAST(timezone(c.timezone, t.closed_at) AS DATE)) AS day
    FROM core.ticket t CROSS JOIN core.company c
    WHERE t.satisfaction IS NOT NULL AND CAST(timezone(c.timezone, coalesce(t.closed_at, t.opened_at)) AS DATE) > c.today - 90
    GROUP BY t.customer_id
),
signal AS (
    SELECT 1 AS rank, 'lost_deal' AS code, 'crm' AS system, b.customer_id, CAST(l.amount AS DOUBLE) AS figure, l.day, l.name AS subject
    FROM buying b JOIN lost l USING (customer_id) WHERE l.amount > l.won
    UNION ALL SELECT 2, 'late_orders', 'erp', b.customer_id, l.orders, l.day, l.order_no
    FROM buying b JOIN late l USING (customer_id) WHERE l.orders >= 2 AND l.share > 0.1
    UNION ALL SELECT 3, 'ticket_open', 'crm', b.customer_id, b.today - k.oldest_ticket_date, k.oldest_ticket_date, NULL
    FROM buying b JOIN marts.customer_crm k USING (customer_id) WHERE b.today - k.oldest_ticket_date >= 5
    UNION ALL SELECT 4, 'unhappy', 'crm', b.customer_id, a.score, a.day, NULL
    FROM buying b JOIN answer a USING (customer_id) WHERE a.score < 3
    UNION ALL SELECT 5, 'no_contact', 'crm', b.customer_id, b.today - k.last_contact_date, k.last_contact_date, NULL
    FROM buying b JOIN marts.customer_crm k USING (customer_id) WHERE b.is_silent AND b.today - k.last_contact_date > 30
    UNION ALL SELECT 6, 'contract_ends', 'crm', b.customer_id, k.contract_end_date - b.today, k.contract_end_date, NULL
    FROM buying b JOIN marts.customer_crm k USING (customer_id) WHERE k.contract_end_date <= b.today + 30
    UNION ALL SELECT 7, 'overdue', 'erp', b.customer_id, CAST(r.days_31_60_base + r.over_60_base AS DOUBLE), NULL, NULL
    FROM buying b JOIN marts.customer_receivable r USING (customer_id) WHERE r.days_31_60_base + r.over_60_base > 0.1 * r.open_base
    UNION ALL SELECT 8, 'silent', 'erp', b.customer_id, b.today - b.due_date, b.due_date, NULL FROM buying b WHERE b.is_silent
    UNION ALL SELECT 9, 'falling', 'erp', b.customer_id, f.change, NULL, NULL
    FROM buying b JOIN marts.customer_falling f USING (customer_id)
)
SELECT customer_id, code, system, figure, day, subject, rank FROM signal
