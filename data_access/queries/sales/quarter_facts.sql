-- doc: The quarter's days and its plan (booked orders, else revenue; only when the plan has all three months).
-- grain: one row
SELECT first_day, last_day, today, plan, plan_metric FROM marts.quarter
