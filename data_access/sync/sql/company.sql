CREATE OR REPLACE TABLE staging.company AS
SELECT $1::VARCHAR AS currency,
    coalesce((SELECT digits FROM staging.currency_digits WHERE currency = $2), 2) AS digits,
    $3::VARCHAR AS timezone, $4::DATE AS today, $5::TIMESTAMPTZ AS published_at
