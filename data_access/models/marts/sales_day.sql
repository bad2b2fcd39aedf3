-- doc: Booked by order date; revenue and cost at shipment by shipping date. Revenue counts lines that could be converted; the margin's revenue only those whose cost is known.
-- grain: one row per day and product category
SELECT day, category, money(coalesce(sum(booked_base), 0)) AS booked_base, money(coalesce(sum(revenue_base), 0)) AS revenue_base,
       money(coalesce(sum(costed_revenue_base), 0)) AS costed_revenue_base, money(coalesce(sum(cost_base), 0)) AS cost_base,
       count(*) FILTER (WHERE event = 'booked') AS booked_lines,
       count(*) FILTER (WHERE event = 'booked' AND booked_base IS NULL) AS unconverted_lines
FROM marts.sale
GROUP BY day, category
