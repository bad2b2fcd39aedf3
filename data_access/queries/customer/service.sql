-- doc: How many cases stand open, and what the customer answered in 12 months.
-- grain: one row
SELECT k.open_tickets, k.replies, CASE WHEN k.replies > 0 THEN k.score / k.replies END AS satisfaction
FROM marts.customer_profile k
WHERE k.customer_id = $customer
