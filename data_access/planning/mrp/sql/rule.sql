-- doc: How the company plans, in whole weeks.
-- grain: one row
SELECT demand_fence_weeks, frozen_weeks, review_days / 7.0 AS review FROM core.plan_rule
