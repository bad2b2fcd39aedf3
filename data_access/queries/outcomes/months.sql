-- doc: What the company set out to change, month by month.
-- grain: one row per calendar month
SELECT month, is_full, revenue_base, booked_base, operating_base, lines_due, lines_on_time, replies, score, tickets, orders
FROM marts.outcome_month
ORDER BY month
