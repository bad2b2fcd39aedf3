-- doc: What each customer owes by how long it is past due, credit notes netted, and its usual terms: median days to the due date of the last 12 months' invoices.
-- grain: one row per customer with invoices (NULL: invoices without a known customer)
SELECT i.customer_id, money(coalesce(sum(i.open_base), 0)) AS open_base,
       money(coalesce(sum(i.open_base) FILTER (WHERE coalesce(i.due_date >= c.today, TRUE)), 0)) AS not_due_base,
       money(coalesce(sum(i.open_base) FILTER (WHERE c.today - i.due_date BETWEEN 1 AND 30), 0)) AS days_1_30_base,
       money(coalesce(sum(i.open_base) FILTER (WHERE c.today - i.due_date BETWEEN 31 AND 60), 0)) AS days_31_60_base,
       money(coalesce(sum(i.open_base) FILTER (WHERE c.today - i.due_date > 60), 0)) AS over_60_base,
       money(coalesce(sum(i.open_base) FILTER (WHERE i.due_date < c.today), 0)) AS overdue_base,
       max(c.today - i.due_date) FILTER (WHERE i.open_base > 0 AND i.due_date < c.today) AS oldest_days,
       quantile_disc(i.due_date - i.issue_date, 0.5)
           FILTER (WHERE i.amount_base > 0 AND i.issue_date > c.today - INTERVAL 1 YEAR) AS terms_days
FROM core.invoice i CROSS JOIN core.company c
WHERE i.status IN ('open', 'paid')
GROUP BY i.customer_id
