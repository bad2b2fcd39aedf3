-- doc: Every customer as the list and its own page show it: who it is, what it bought, its segment, its rhythm, how we delivered, what it owes, what the CRM knows, and its risk: how many signals there are, three at most.
-- grain: one row per customer
WITH shipped AS (
    SELECT s.customer_id, sum(s.revenue_base) FILTER (WHERE s.day > c.today - INTERVAL 1 YEAR) AS revenue,
           sum(s.revenue_base) FILTER (WHERE s.day <= c.today - INTERVAL 1 YEAR) AS revenue_before
    FROM marts.sale s
    JOIN core.company c ON s.day > c.today - INTERVAL 2 YEAR AND s.day <= c.today
    GROUP BY s.customer_id
),
due AS (
    SELECT d.customer_id, count(*) AS lines_due, count(*) FILTER (WHERE d.is_on_time) AS lines_on_time
    FROM marts.delivery d
    JOIN core.company c ON d.promised_date >= c.today - INTERVAL 1 YEAR AND d.promised_date < c.today
    GROUP BY d.customer_id
),
told AS (
    SELECT customer_id, count(*) AS signals,
           list({'code': code, 'system': system, 'figure': figure, 'day': day, 'subject': subject} ORDER BY rank) AS because
    FROM marts.customer_signal
    GROUP BY customer_id
)
SELECT k.customer_id, k.name, k.tax_id, k.country, coalesce(k.region, '–') AS region, k.city, coalesce(k.segment, '–') AS segment,
       coalesce(k.owner, '–') AS owner, k.in_erp, k.in_crm, k.is_active, r.first_order_date, r.last_order_date,
       coalesce(r.orders, 0) AS orders, coalesce(r.orders_12m, 0) AS orders_12m, r.rhythm_days, r.late_after_days, r.due_date,
       coalesce(c.today - r.last_order_date > r.late_after_days, FALSE) AS is_silent, f.recency_days, f.r, f.f, f.m,
       coalesce(f.rfm, 'no_orders') AS rfm, coalesce(b.rfm, 'no_orders') AS rfm_before,
       money(coalesce(s.revenue, 0)) AS revenue_12m,
       CASE WHEN p.first_shipment_date <= c.today - INTERVAL 2 YEAR + INTERVAL 1 DAY THEN money(coalesce(s.revenue_before, 0)) END AS revenue_12m_before,
       coalesce(d.lines_due, 0) AS lines_due, coalesce(d.lines_on_time, 0) AS lines_on_time,
       coalesce(a.open_base, 0) AS open_base, coalesce(a.overdue_base, 0) AS overdue_base, a.terms_days,
       coalesce(m.open_deals, 0) AS open_deals, coalesce(m.deals_base, 0) AS deals_base, coalesce(m.weighted_base, 0) AS weighted_base,
       m.last_contact_date, coalesce(m.open_tickets, 0) AS open_tickets, coalesce(m.replies, 0) AS replies, coalesce(m.score, 0) AS score,
       least(coalesce(t.signals, 0), 3) AS risk, coalesce(t.because, []) AS because
FROM core.customer k
CROSS JOIN core.company c
CROSS JOIN marts.span p
LEFT JOIN marts.customer_rhythm r ON r.customer_id = k.customer_id
LEFT JOIN marts.customer_rfm f ON f.customer_id = k.customer_id AND f.days_ago = 0
LEFT JOIN marts.customer_rfm b ON b.customer_id = k.customer_id AND b.days_ago = 91
LEFT JOIN marts.customer_receivable a ON a.customer_id = k.customer_id
LEFT JOIN marts.customer_crm m ON m.customer_id = k.customer_id
LEFT JOIN shipped s ON s.customer_id = k.customer_id
LEFT JOIN due d ON d.customer_id = k.customer_id
LEFT JOIN told t ON t.customer_id = k.customer_id
