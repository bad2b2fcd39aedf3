-- doc: What customers asked for, by the week they want it (else ordered it): booked lines, returns netted.
-- grain: one row per product and ISO week (its Monday)
SELECT product_id, CAST(date_trunc('week', coalesce(requested_date, order_date)) AS DATE) AS week_start,
       CAST(sum(quantity) AS DECIMAL(18,6)) AS quantity, money(sum(amount_base)) AS amount_base, count(*) AS lines
FROM core.sales_order_line
WHERE status IN ('open', 'shipped', 'done') AND product_id IS NOT NULL AND coalesce(requested_date, order_date) IS NOT NULL
GROUP BY product_id, week_start
