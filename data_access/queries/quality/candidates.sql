-- doc: Customers that may be one, the money that stays apart until someone decides first.
-- grain: one row per pair of customers
SELECT left_source, left_id, left_customer_id, left_role, left_name, left_tax, left_city, left_country, left_domains, left_phones,
       right_source, right_id, right_customer_id, right_role, right_name, right_tax, right_city, right_country, right_domains, right_phones,
       probability, name_similarity, reason, evidence, hidden_base
FROM marts.identity_candidate
ORDER BY hidden_base DESC, probability DESC, left_source, left_id, right_source, right_id
