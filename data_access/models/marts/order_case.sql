-- doc: The case of order to cash that each booked order belongs to: that of the deal it came of, else one of its own; and what was delivered of it and not invoiced.
-- grain: one row per booked order and deal
-- partition: order_id
-- by: marts.order_step order_id; marts.deal_order order_id; marts.invoice_gap order_id
SELECT coalesce(l.opportunity_id, s.order_id) AS case_id, s.*, l.opportunity_id, l.link, g.uninvoiced_base, g.since AS uninvoiced_since
FROM marts.order_step s
LEFT JOIN marts.deal_order l ON l.order_id = s.order_id
LEFT JOIN marts.invoice_gap g ON g.order_id = s.order_id
