CREATE OR REPLACE TABLE staging.item_rule (
    sku VARCHAR, lead_time_days INTEGER, safety_stock DECIMAL(18,6), service_level DOUBLE, min_order_qty DECIMAL(18,6),
    order_multiple DECIMAL(18,6), cover_weeks INTEGER
)
