-- doc: What needs somebody: worst first, then by money; five of a kind at most.
-- grain: one row per alert
WITH alert AS (
    SELECT severity, code, subject, figure, date1, date2, count, customer_id, product_id, entity_id, weight
    FROM marts.alert_supply
    UNION ALL
    SELECT severity, code, subject, figure, date1, date2, count, customer_id, product_id, entity_id, weight
    FROM marts.alert_sales
)
SELECT severity, code, subject, figure, date1, date2, count, customer_id, product_id, entity_id
FROM alert
QUALIFY row_number() OVER (PARTITION BY code ORDER BY weight DESC, entity_id) <= 5
ORDER BY list_position(['crit', 'warn', 'info'], severity), weight DESC, code, entity_id
