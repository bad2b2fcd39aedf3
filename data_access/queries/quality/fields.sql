-- doc: Which record each field of a customer comes from.
-- grain: one row per field that is known
SELECT field, value, source, source_id, rule FROM core.customer_field WHERE customer_id = $customer ORDER BY field
