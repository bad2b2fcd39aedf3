-- doc: The published day and how much history there is.
-- grain: one row
SELECT today, days_of_orders, first_order_date FROM marts.span
