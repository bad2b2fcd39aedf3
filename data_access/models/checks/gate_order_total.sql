-- doc: An order's base amounts do not sum to its total converted once, rounded half-even.
-- grain: one row per order
-- severity: gate
-- title_zh: 订单本位币金额之和不等于一次换算的合计。
-- table: core.order_line_base
-- partition: order_id
-- by: core.order_line_base order_id
WITH total AS (
    SELECT source, order_id, rate, sum(amount) AS amount, sum(amount_base) AS allocated
    FROM core.order_line_base
    WHERE rate IS NOT NULL
    GROUP BY source, order_id, is_cancelled, rate
)
SELECT t.source, t.order_id, t.allocated, convert(t.amount, t.rate, c.digits) AS converted
FROM total t
CROSS JOIN core.company c
WHERE t.allocated IS DISTINCT FROM convert(t.amount, t.rate, c.digits)
