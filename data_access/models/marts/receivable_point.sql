-- doc: What customers owe and what of it is overdue, on the 14 weekly points. Earlier points are open amounts plus payments since; what was settled without a payment counts as settled on its due date.
-- grain: one row per weekly point
WITH invoice AS (
    SELECT i.invoice_id, i.issue_date, i.due_date, i.amount_base, i.open_base,
           i.amount_base - i.open_base - coalesce(p.paid, 0) AS settled_otherwise
    FROM core.invoice i
    LEFT JOIN (SELECT invoice_id, sum(amount_base) AS paid FROM core.payment GROUP BY invoice_id) p
        ON p.invoice_id = i.invoice_id
    WHERE i.status IN ('open', 'paid')
),
standing AS (
    SELECT d.day, d.point, i.invoice_id, i.due_date,
           i.open_base + CASE WHEN i.due_date > d.day THEN i.settled_otherwise ELSE 0 END AS open_base
    FROM marts.kpi_day d
    JOIN invoice i ON i.issue_date <= d.day
    WHERE NOT d.is_today
    UNION ALL
    SELECT d.day, d.point, i.invoice_id, i.due_date, p.amount_base
    FROM marts.kpi_day d
    JOIN core.payment p ON p.paid_date > d.day
    JOIN invoice i ON i.invoice_id = p.invoice_id AND i.issue_date <= d.day
    WHERE NOT d.is_today
    UNION ALL
    SELECT d.day, d.point, i.invoice_id, i.due_date, i.open_base
    FROM marts.kpi_day d CROSS JOIN invoice i
    WHERE d.is_today
)
SELECT day, point, money(sum(open_base)) AS open_base,
       money(coalesce(sum(open_base) FILTER (WHERE due_date < day), 0)) AS overdue_base
FROM standing
GROUP BY day, point
