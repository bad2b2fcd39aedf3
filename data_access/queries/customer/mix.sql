-- doc: What the customer was shipped in 12 months by category, and in the 12 before. The categories add up to its sales.
-- grain: one row per category
SELECT s.category, coalesce(sum(s.revenue_base) FILTER (WHERE s.day > c.today - INTERVAL 1 YEAR), 0) AS revenue,
       coalesce(sum(s.revenue_base) FILTER (WHERE s.day <= c.today - INTERVAL 1 YEAR), 0) AS revenue_before
FROM marts.sale s
JOIN core.company c ON s.day > c.today - INTERVAL 2 YEAR AND s.day <= c.today
WHERE s.event = 'shipped' AND s.customer_id = $customer
GROUP BY s.category
ORDER BY revenue DESC, s.category
