-- doc: Which order a deal became. The ERP names the deal (named), or, for a won deal and an order that name nobody: the same customer, ordered 7 days before to 30 days after the win, amounts within 2 %, and each the only such candidate of the other (matched).
-- grain: one row per deal and booked order
WITH ordered AS (
    SELECT order_id, opportunity_id, customer_id, booked_date AS day, booked_base AS amount_base FROM core.sales_order WHERE is_booked
),
named AS (
    SELECT r.opportunity_id, r.order_id
    FROM ordered r
    JOIN core.opportunity o ON o.opportunity_id = r.opportunity_id AND o.in_pipeline
),
candidate AS (
    SELECT o.opportunity_id, r.order_id, count(*) OVER (PARTITION BY o.opportunity_id) AS orders, count(*) OVER (PARTITION BY r.order_id) AS deals
    FROM core.opportunity o
    JOIN ordered r ON r.customer_id = o.customer_id AND r.day BETWEEN o.closed_date - 7 AND o.closed_date + 30
        AND abs(r.amount_base - o.amount_base) <= 0.02 * o.amount_base
    WHERE o.in_pipeline AND o.stage = 'won' AND r.opportunity_id IS NULL
        AND NOT EXISTS (SELECT 1 FROM named n WHERE n.opportunity_id = o.opportunity_id)
)
SELECT opportunity_id, order_id, 'named' AS link FROM named
UNION ALL
SELECT opportunity_id, order_id, 'matched' FROM candidate WHERE orders = 1 AND deals = 1
