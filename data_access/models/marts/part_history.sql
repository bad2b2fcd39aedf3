-- doc: Value customers asked for in weeks that are over, by the customer's region and by the warehouse it leaves from; together each kind is marts.booked_history.
-- grain: one row per kind (region, warehouse), part ('–' where not known) and ISO week that is over
-- lookups: core.customer
WITH line AS (
    SELECT CAST(date_trunc('week', coalesce(l.requested_date, l.order_date)) AS DATE) AS week_start, coalesce(k.region, '–') AS region,
           coalesce(l.warehouse_id, '–') AS warehouse_id, l.amount_base
    FROM core.sales_order_line l
    JOIN core.company c ON coalesce(l.requested_date, l.order_date) < date_trunc('week', c.today)
    LEFT JOIN core.customer k ON k.customer_id = l.customer_id
    WHERE l.status IN ('open', 'shipped', 'done')
)
SELECT 'region' AS kind, region AS part, week_start, money(sum(amount_base)) AS amount_base FROM line GROUP BY region, week_start
UNION ALL
SELECT 'warehouse', warehouse_id, week_start, money(sum(amount_base)) FROM line GROUP BY warehouse_id, week_start
