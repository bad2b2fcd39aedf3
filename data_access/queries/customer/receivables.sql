-- doc: What the customer owes, by how long it is past due; credit notes netted.
-- grain: one row per age
SELECT b.age, b.amount, r.terms_days
FROM marts.customer_receivable r
CROSS JOIN LATERAL (VALUES ('not_due', r.not_due_base), ('days_1_30', r.days_1_30_base), ('days_31_60', r.days_31_60_base),
                           ('over_60', r.over_60_base)) b(age, amount)
WHERE r.customer_id = $customer
