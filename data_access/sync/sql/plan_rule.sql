CREATE OR REPLACE TABLE staging.plan_rule AS
SELECT $1::VARCHAR AS safety_stock, $2::DOUBLE AS service_level, $3::INTEGER AS review_days,
    $4::INTEGER AS demand_fence_weeks, $5::INTEGER AS frozen_weeks
