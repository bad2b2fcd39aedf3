-- doc: How the company plans: where safety stock comes from (erp, measured, textbook), the share of replenishment cycles without a stock-out it is to give, days between two looks at an item, the first weeks in which orders alone are demand and those in which nothing new is released.
-- grain: one row
SELECT safety_stock, service_level, review_days, demand_fence_weeks, frozen_weeks
FROM staging.plan_rule
