-- doc: By which rule the CRM's accounts are linked to the ERP; none: not linked.
-- grain: one row per rule
SELECT rule, accounts, confidence, revenue_12m
FROM marts.identity_rule
ORDER BY rule = 'none', accounts DESC, rule
