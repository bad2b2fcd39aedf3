-- doc: An order's base amounts do not sum to its total converted once, rounded half-even.
-- grain: one row per order
-- severity: gate
-- title_zh: 订单本位币金额之和不等于一次换算的合计。
-- table: core.order_line_base
SELECT b.source, b.order_id, sum(b.amount_base) AS allocated, any_value(convert(t.amount, t.rate, c.digits)) AS converted
FROM core.order_line_base b
JOIN (
    SELECT source, order_id, is_cancelled, rate, sum(amount) AS amount FROM core.order_line_base
    GROUP BY source, order_id, is_cancelled, rate
) t ON t.source = b.source AND t.order_id = b.order_id AND t.is_cancelled IS NOT DISTINCT FROM b.is_cancelled AND t.rate = b.rate
CROSS JOIN core.company c
GROUP BY b.source, b.order_id, b.is_cancelled, b.rate
HAVING sum(b.amount_base) IS DISTINCT FROM any_value(convert(t.amount, t.rate, c.digits))
