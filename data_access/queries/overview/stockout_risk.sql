-- doc: Items that run out before their next receipt within six weeks, by the money in the gap.
-- grain: one row per product at risk
SELECT product_id, sku, name, category, at_risk, run_out_date, next_receipt_date, orders_waiting, cover_weeks,
       gap_weeks_from, gap_weeks_to
FROM marts.item
WHERE at_risk > 0
ORDER BY at_risk DESC, product_id
