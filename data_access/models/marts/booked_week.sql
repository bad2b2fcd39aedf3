-- doc: Value customers asked for, by the week they want it (else ordered it), lines without a product included.
-- grain: one row per ISO week (its Monday)
SELECT CAST(date_trunc('week', coalesce(requested_date, order_date)) AS DATE) AS week_start,
       money(sum(amount_base)) AS amount_base
FROM core.sales_order_line
WHERE status IN ('open', 'shipped', 'done') AND coalesce(requested_date, order_date) IS NOT NULL
GROUP BY week_start
