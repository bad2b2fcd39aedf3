CREATE OR REPLACE TABLE staging.company AS
SELECT $1::VARCHAR AS currency,
    coalesce((SELECT digits FROM staging.currency_digits WHERE currency = $2), 2) AS digits,
    $3::VARCHAR AS timezone, $4::DATE AS today, $5::TIMESTAMPTZ AS published_at,
    $6::INTEGER AS fiscal_year_start, $7::DATE AS baseline_first_month, $8::DATE AS baseline_last_month
