-- doc: The newest orders and won deals, both systems in one list.
-- grain: one row per event, the newest eight
SELECT happened_at, system, kind, customer_id, name, CASE WHEN kind = 'order' THEN entity_id END AS order_id, amount
FROM marts.feed
ORDER BY happened_at DESC, entity_id DESC
LIMIT 8
