-- doc: The customer's open deals, the heaviest first.
-- grain: one row per open opportunity
SELECT opportunity_id, name, stage, owner, amount_base AS amount, CAST(probability AS DOUBLE) AS probability, probability_from,
       weighted_base, created_date, expected_close
FROM marts.open_deal
WHERE customer_id = $customer
ORDER BY weighted_base DESC NULLS LAST, opportunity_id
