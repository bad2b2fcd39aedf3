-- doc: Order to cash, what is not as it should be: skipped (order_without_deal, unnamed_deal, skipped_quotation), stuck (won_without_order, delivery_late, delivered_not_invoiced, payment_late) or contradicting (deal_not_won: an order of a deal that is open or lost).
-- grain: one row per case and kind
-- partition: case_id
-- by: marts.order_to_cash case_id
WITH told AS (
    SELECT *, unnest([
        {'kind': 'won_without_order', 'holds': stage = 'won' AND orders = 0, 'since': won_date, 'amount': value_base},
        {'kind': 'order_without_deal', 'holds': opportunity_id IS NULL, 'since': ordered_date, 'amount': value_base},
        {'kind': 'unnamed_deal', 'holds': link = 'matched', 'since': ordered_date, 'amount': value_base},
        {'kind': 'skipped_quotation', 'holds': stage = 'won' AND stays > 0 AND quoted_date IS NULL, 'since': won_date, 'amount': value_base},
        {'kind': 'deal_not_won', 'holds': opportunity_id IS NOT NULL AND stage <> 'won', 'since': ordered_date, 'amount': value_base},
        {'kind': 'delivery_late', 'holds': late_since IS NOT NULL, 'since': late_since, 'amount': late_base},
        {'kind': 'delivered_not_invoiced', 'holds': uninvoiced_since IS NOT NULL, 'since': uninvoiced_since, 'amount': uninvoiced_base},
        {'kind': 'payment_late', 'holds': overdue_since IS NOT NULL, 'since': overdue_since, 'amount': overdue_base}
    ]) AS told
    FROM marts.order_to_cash
)
SELECT case_id, told.kind, told.since, c.today - told.since AS days, money(coalesce(told.amount, 0)) AS amount_base, opportunity_id, order_id,
       order_no, subject, customer_id, customer, region, owner, segment, stage, link, day
FROM told CROSS JOIN core.company c
WHERE told.holds
