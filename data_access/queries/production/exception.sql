-- doc: Whether what waits for short items is an exception: the value of open orders held up, each line once, and what is expected to be sold a week.
-- grain: one row
WITH held AS (
    SELECT l.line_id, max(CASE WHEN s.quantity <> 0 THEN CAST(s.amount_base AS DOUBLE) * l.quantity / CAST(s.quantity AS DOUBLE) END) AS amount
    FROM plan.waiting_line l JOIN core.sales_order_line s ON s.line_id = l.line_id
    GROUP BY l.line_id
)
SELECT (SELECT coalesce(sum(amount), 0) FROM held) AS at_risk, (SELECT CAST(sum(weekly_sales) AS DOUBLE) FROM marts.item) AS weekly_sales
